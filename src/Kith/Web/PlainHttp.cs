using System.Net;
using Kith.Options;

namespace Kith.Web;

/// <summary>
/// What a request without TLS gets: the same address with it. Only a Kith that listens on loopback alone serves its site
/// in the clear too, because browsers refuse service workers behind a self-signed certificate.
/// </summary>
internal static class PlainHttp
{
    public static void UseTlsOnly(this IApplicationBuilder app, KithOptions options)
    {
        if (options.Listen.Address is { } address && IPAddress.IsLoopback(address))
            return;
        app.Use(
            (context, next) =>
            {
                if (context.Request.IsHttps || context.Connection.LocalPort == 0)
                    return next(context);
                context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
                context.Response.Headers.Location =
                    options.PublicUrl
                    + context.Request.Path.ToUriComponent()
                    + context.Request.QueryString.ToUriComponent();
                return Task.CompletedTask;
            }
        );
    }
}
