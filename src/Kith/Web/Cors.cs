namespace Kith.Web;

/// <summary>
/// Addresses that pages from everywhere may use, without credentials (interface.md, "Addresses"): the wildcard is never
/// sent together with cookies.
/// </summary>
internal static class Cors
{
    /// <summary>Maps a route that is open to all origins, with its preflight.</summary>
    public static void MapOpen(
        this IEndpointRouteBuilder endpoints,
        string method,
        string route,
        RequestDelegate handle
    )
    {
        endpoints.MapMethods(
            route,
            [method],
            (RequestDelegate)(
                context =>
                {
                    Allow(context.Response);
                    return handle(context);
                }
            )
        );
        endpoints.MapMethods(route, [HttpMethods.Options], (RequestDelegate)PreflightAsync);
    }

    /// <summary>For routes that map their methods themselves.</summary>
    public static void Allow(HttpResponse response) => response.Headers.AccessControlAllowOrigin = "*";

    /// <summary>Answers <c>OPTIONS</c>.</summary>
    public static Task PreflightAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        Allow(context.Response);
        headers.AccessControlAllowMethods = "GET, HEAD, PUT, POST, OPTIONS";
        headers.AccessControlAllowHeaders = "Authorization, Content-Type, Content-Length, Range";
        headers.AccessControlMaxAge = "86400";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
