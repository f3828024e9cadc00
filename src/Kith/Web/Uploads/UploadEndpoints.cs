using Microsoft.AspNetCore.Server.Kestrel.Core;
using Storage;
using Xmpp.Server;

namespace Kith.Web.Uploads;

/// <summary>
/// <c>/upload/ID/NAME</c>: what XEP-0363 slots promise. <c>PUT</c> with the slot's token, once; <c>GET</c> and <c>HEAD</c> for
/// whoever knows the address, from pages everywhere (interface.md, "Addresses").
/// </summary>
internal static class UploadEndpoints
{
    private const string Route = "/upload/{id}/{name}";

    /// <summary>The parameter of a PUT's address that holds the slot's token.</summary>
    public const string TokenParameter = "slot";

    /// <summary>
    /// A phone in a tunnel sends nothing for half a minute, and a paused film takes nothing; both are cut only when they
    /// are slower than this for good. HTTP/2 knows no pace for single requests, so it holds for all.
    /// </summary>
    private static readonly MinDataRate _pace = new(bytesPerSecond: 100, gracePeriod: TimeSpan.FromSeconds(60));

    public static void Map(IEndpointRouteBuilder routes, XmppServer server, UploadDirectory directory, ILogger log)
    {
        var receiving = new Receiving(server, directory, log);
        var serving = new Serving(server, directory, log);
        routes.MapMethods(Route, [HttpMethods.Put], http => AnswerAsync(http, receiving.HandleAsync));
        routes.MapMethods(Route, [HttpMethods.Get, HttpMethods.Head], http => AnswerAsync(http, serving.HandleAsync));
        routes.MapMethods(Route, [HttpMethods.Options], (RequestDelegate)Cors.PreflightAsync);
    }

    /// <summary>The pace that uploads and downloads need.</summary>
    public static void SetPace(KestrelServerLimits limits) =>
        (limits.MinRequestBodyDataRate, limits.MinResponseDataRate) = (_pace, _pace);

    private static Task AnswerAsync(HttpContext http, Func<HttpContext, UploadPath, Task> handle)
    {
        IHeaderDictionary headers = http.Response.Headers;
        Cors.Allow(http.Response);
        headers.AccessControlExposeHeaders = "Accept-Ranges, Content-Disposition, Content-Range, ETag";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        // What people upload is nobody's page: a browser that is led here runs nothing of it.
        headers.ContentSecurityPolicy =
            "default-src 'none'; img-src 'self'; media-src 'self'; frame-ancestors 'none'; sandbox";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        // No name has a slash: what is still encoded in the path now was meant so.
        RouteValueDictionary values = http.Request.RouteValues;
        return handle(http, new UploadPath((string)values["id"]!, (string)values["name"]!));
    }

    /// <summary>An answer in words, for whoever debugs an app.</summary>
    public static Task RefuseAsync(HttpContext http, int status, string why)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(why + "\n", http.RequestAborted);
    }
}

/// <summary>The two parts of the path as they were meant.</summary>
internal readonly record struct UploadPath(string Id, string Name);
