using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Kith.Listeners;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Xmpp.Server;
using Xmpp.Server.Streams;
using Xmpp.Server.Streams.Bosh;
using Xmpp.Xml;

namespace Kith.Web;

/// <summary>
/// XMPP for browsers: WebSocket (RFC 7395), BOSH (XEP-0124) and how both are found (XEP-0156). Who asks and whether over
/// TLS is what the connection says, or a trusted proxy (<see cref="Proxies"/>).
/// </summary>
internal static class XmppEndpoints
{
    private const string WebSocketPath = "/xmpp-websocket";
    private const string BoshPath = "/http-bind";
    private const string Subprotocol = "xmpp";

    /// <summary>Under the minute after which many proxies cut what is silent.</summary>
    private static readonly TimeSpan _keepAlive = TimeSpan.FromSeconds(45);

    public static void MapXmpp(this IEndpointRouteBuilder endpoints, XmppServer server)
    {
        IApplicationBuilder webSocket = endpoints.CreateApplicationBuilder();
        webSocket.UseWebSockets(new WebSocketOptions { KeepAliveInterval = _keepAlive });
        webSocket.Run(context => WebSocketAsync(context, server));
        endpoints.Map(WebSocketPath, webSocket.Build());

        var bosh = new BoshService(server);
        endpoints.MapOpen(HttpMethods.Post, BoshPath, context => BoshAsync(context, bosh));

        var hostMeta = new HostMeta(server.Options.PublicUrl, WebSocketPath, BoshPath);
        endpoints.MapOpen(HttpMethods.Get, "/.well-known/host-meta", hostMeta.WriteXmlAsync);
        endpoints.MapOpen(HttpMethods.Get, "/.well-known/host-meta.json", hostMeta.WriteJsonAsync);
    }

    private static async Task WebSocketAsync(HttpContext context, XmppServer server)
    {
        if (!IsPrivate(context))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        bool wanted =
            context.WebSockets.IsWebSocketRequest
            && context.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol);
        if (!wanted)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        Unhurried(context);
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(Subprotocol);
        Admission.Leave(context);
        await using var transport = new WebSocketTransport(socket, Remote(context), secure: true, new XmlLimits());
        await server.ServeAsync(transport);
    }

    private static async Task BoshAsync(HttpContext context, BoshService bosh)
    {
        if (!IsPrivate(context))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        CancellationToken gone = context.RequestAborted;
        try
        {
            byte[]? body = await ReadAsync(context.Request, bosh.MostBytes, gone);
            if (body is null)
                context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            else
                await WriteAsync(
                    context.Response,
                    await bosh.HandleAsync(body, Remote(context), secure: true, gone),
                    gone
                );
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // Nobody is there to be answered; the answer is kept for the client's next attempt.
        }
    }

    // Null when it is too long.
    private static async Task<byte[]?> ReadAsync(HttpRequest request, int most, CancellationToken cancellation)
    {
        if (request.ContentLength > most)
            return null;
        while (true)
        {
            ReadResult read = await request.BodyReader.ReadAsync(cancellation);
            if (read.Buffer.Length > most)
                return null;
            if (!read.IsCompleted)
            {
                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            byte[] body = read.Buffer.ToArray();
            request.BodyReader.AdvanceTo(read.Buffer.End);
            return body;
        }
    }

    // What others say stands in it: a browser that is made to show it as a page must not run any of it.
    private static Task WriteAsync(HttpResponse response, BoshResponse answer, CancellationToken cancellation)
    {
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        return response.Body.WriteAsync(answer.Body, cancellation).AsTask();
    }

    // What never leaves this machine is as good as TLS; browsers think so too.
    private static bool IsPrivate(HttpContext context) =>
        context.Request.IsHttps || IPAddress.IsLoopback(Remote(context));

    private static IPAddress Remote(HttpContext context)
    {
        IPAddress remote = context.Connection.RemoteIpAddress ?? IPAddress.None;
        return remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote;
    }

    // A stream is neither an upload with a size nor one with a pace (RFC 8441 makes it look like one).
    private static void Unhurried(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } input)
            input.MinDataRate = null;
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } output)
            output.MinDataRate = null;
    }
}
