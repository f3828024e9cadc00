using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace UploadBench;

/// <summary>What anybody would write in ten lines: copy the body into a file, sync it, send it back.</summary>
internal static class BareEndpoint
{
    public static async Task RunAsync(int port, string folder, string certificate, string key)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        using X509Certificate2 own = X509Certificate2.CreateFromPemFile(certificate, key);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(own));
        });
        await using WebApplication app = builder.Build();
        app.MapPut(
            "/{name}",
            (RequestDelegate)(
                async http =>
                {
                    await using FileStream file = File.Create(PathOf(http));
                    await http.Request.Body.CopyToAsync(file);
                    file.Flush(flushToDisk: true);
                    http.Response.StatusCode = StatusCodes.Status201Created;
                }
            )
        );
        app.MapGet("/{name}", (RequestDelegate)(http => http.Response.SendFileAsync(PathOf(http))));
        await app.RunAsync();

        string PathOf(HttpContext http) =>
            Path.Combine(folder, Path.GetFileName((string)http.Request.RouteValues["name"]!));
    }
}
