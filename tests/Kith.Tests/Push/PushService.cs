using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Kith.Tests.Client;
using Kith.Tests.Listeners.Certificates;
using Kith.Tests.Program;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Kith.Tests.Push;

/// <summary>One push as the service got it.</summary>
internal sealed record Pushed(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string this[string header] => Headers[header];
}

/// <summary>A browser's push service on loopback, over HTTPS: answers as it is told (RFC 8030 §5), else 201.</summary>
internal sealed class PushService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Pushed> _got = new();
    private readonly Signal _changed = new();

    private PushService(WebApplication app, string root) => (_app, Root) = (app, root);

    /// <summary>The file with the certificate that its callers must trust.</summary>
    public string Root { get; }
    public int Port { get; private init; }

    /// <summary>By path: what to answer next, with the value of <c>Retry-After</c>.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<(int Status, string? RetryAfter)>> Answers { get; } = new();

    public string Endpoint(string path) => $"https://localhost:{Port}{path}";

    public static async Task<PushService> StartAsync(KithHome home)
    {
        TestCertificate made = TestCertificate.Ecdsa("localhost", DateTimeOffset.UtcNow.AddDays(2));
        string root = home.At("push.pem");
        await File.WriteAllTextAsync(root, made.Certificate);
        using X509Certificate2 pair = X509Certificate2.CreateFromPem(made.Certificate, made.Key);
        X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
        int port = KithHome.FreePort();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(certificate))
        );
        WebApplication app = builder.Build();
        var service = new PushService(app, root) { Port = port };
        app.Run(service.TakeAsync);
        await app.StartAsync();
        return service;
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        string path = context.Request.Path;
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key,
            header => header.Value.ToString(),
            StringComparer.OrdinalIgnoreCase
        );
        (int status, string? retryAfter) = (201, null);
        if (Answers.TryGetValue(path, out var next) && next.TryDequeue(out var told))
            (status, retryAfter) = told;
        context.Response.StatusCode = status;
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        _got.Enqueue(new Pushed($"{context.Request.Method} {path}", headers, body.ToArray()));
        _changed.Changed();
    }

    /// <summary>Everything so far, once there are so many.</summary>
    public async Task<IReadOnlyList<Pushed>> GotAsync(int count)
    {
        await _changed.WaitAsync(() => _got.Count >= count, () => $"{_got.Count} pushes, not {count}");
        return [.. _got];
    }

    public int Count => _got.Count;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
