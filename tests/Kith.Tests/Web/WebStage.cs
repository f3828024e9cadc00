using System.Net;
using Kith.Administration;
using Kith.Options;
using Kith.Web;
using Kith.Web.Client;
using Kith.Web.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Storage;
using Xmpp.Server;
using Xmpp.Server.Household;

namespace Kith.Tests.Web;

/// <summary>The household's web addresses on a real port of the loopback, without TLS.</summary>
internal sealed class WebStage : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Appliance _appliance;
    private readonly WebApplication _app;

    private WebStage(
        HttpProtocols protocols,
        IReadOnlyList<IPNetwork> proxies,
        UploadsOptions uploads,
        IReadOnlyList<SiteFile> client
    )
    {
        var options = new KithOptions
        {
            Domain = "kith.test",
            Home = new() { Name = "<the Capulets>" },
            Listen = new() { Https = 8443 },
            Uploads = uploads,
        };
        _appliance = Appliance.TryOpen(_folder.Path, options, TimeProvider.System, NullLoggerFactory.Instance)!;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            UploadEndpoints.SetPace(kestrel.Limits);
            kestrel.Listen(IPAddress.Loopback, 0, p => p.Protocols = protocols);
        });
        _app = builder.Build();
        _app.UseTrustedProxies(proxies);
        _app.UseRouting();
        Site.Map(
            _app,
            Server,
            options,
            new LocalAdministration(Server, _ => throw new NotSupportedException()),
            client
        );
        UploadEndpoints.Map(_app, Server, _appliance.Uploads, NullLogger.Instance);
        _app.MapGet("/who", (RequestDelegate)(c => c.Response.WriteAsync($"{c.Connection.RemoteIpAddress}")));
    }

    public XmppServer Server => _appliance.Server;
    public HttpClient Client { get; private set; } = null!;
    public Uri Address { get; private set; } = null!;

    /// <summary>The files that people have uploaded.</summary>
    public UploadDirectory Uploads => _appliance.Uploads;

    public static Task<WebStage> StartAsync(
        HttpProtocols protocols = HttpProtocols.Http1,
        params IReadOnlyList<IPNetwork> proxies
    ) => StartAsync(new UploadsOptions(), protocols, proxies);

    public static Task<WebStage> StartAsync(
        UploadsOptions uploads,
        HttpProtocols protocols = HttpProtocols.Http1,
        params IReadOnlyList<IPNetwork> proxies
    ) => StartAsync(new WebStage(protocols, proxies, uploads, []));

    /// <summary>With a web client of these files.</summary>
    public static Task<WebStage> StartAsync(IReadOnlyList<SiteFile> client) =>
        StartAsync(new WebStage(HttpProtocols.Http1, [], new UploadsOptions(), client));

    private static async Task<WebStage> StartAsync(WebStage stage)
    {
        await stage._app.StartAsync();
        string address = stage
            ._app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        stage.Address = new Uri(address);
        stage.Client = new HttpClient { BaseAddress = stage.Address };
        return stage;
    }

    public Task AddAsync(string name, string password) =>
        Server.Home.People.AddAsync(new NewPerson(name) { Password = password });

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.StopAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _appliance.DisposeAsync();
        _folder.Dispose();
    }
}
