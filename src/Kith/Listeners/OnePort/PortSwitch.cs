using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Authentication;
using System.Text;
using Kith.Listeners.Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Xmpp.Server.Streams;

namespace Kith.Listeners.OnePort;

/// <summary>
/// Everything on one port: by what a client says that it speaks (ALPN), else by its first byte within TLS, a connection goes
/// to XMPP, to the relay, to an ACME challenge or on to Kestrel's HTTP.
/// </summary>
/// <remarks>
/// <code>
/// too many from there? → ClientHello → xmpp-client, xmpp-server: to their own doors, which do TLS themselves
///                                    → acme-tls/1: the challenge's certificate, and the end
///                                    → stun.turn, h2: TLS, and there
///                                    → http/1.1, nothing: TLS → first byte: &lt; XMPP, 0–3 STUN, else HTTP
/// </code>
/// All of it up to the handing over has one time limit, and counts among the strangers of its address.
/// </remarks>
internal sealed partial class PortSwitch(Doors doors, TimeSpan patience, TimeProvider time, ILogger log)
{
    // RFC 8446 §6.
    private static readonly byte[] _noApplicationProtocol = [21, 3, 3, 0, 2, 2, 120];
    private static readonly byte[] _decodeError = [21, 3, 3, 0, 2, 2, 50];

    private const long MostEffort = 8 << 20;

    private static readonly byte[] _thisIsTls = Encoding.ASCII.GetBytes(
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\n"
            + "This port speaks TLS: use https.\n"
    );

    /// <summary>A connection from its first byte to its last.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate http)
    {
        Func<Task>? door = await FindAsync(connection, http);
        if (door is not null)
            await door();
    }

    // Nothing of the search is kept for as long as the connection lasts.
    private async Task<Func<Task>?> FindAsync(ConnectionContext connection, ConnectionDelegate http)
    {
        using var late = new CancellationTokenSource(patience, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, Stopping(connection));
        TlsConnection? tls = null;
        try
        {
            (HelloStatus status, ClientHello hello) = await HelloAsync(connection.Transport.Input, end.Token);
            if (status != HelloStatus.Whole)
                return await RefuseAsync(connection, status);
            Protocols chosen = Choose(hello.Offered);
            if (chosen is Protocols.Client)
                return Elsewhere(connection, () => doors.Clients.DirectTlsAsync(connection));
            if (chosen is Protocols.Server)
                return Elsewhere(connection, () => doors.Servers!(connection));
            if (Settings(chosen, hello) is not { } settings)
                return await RefuseAsync(connection, "nobody here speaks what it offers", _noApplicationProtocol);
            tls = new TlsConnection(connection);
            await tls.HandshakeAsync(settings, end.Token);
            if (await DoorAsync(chosen, connection, tls, http, end.Token) is not { } door)
                return null;
            TlsConnection opened = tls;
            tls = null;
            return () => ServeAsync(opened, door);
        }
        catch (OperationCanceledException)
        {
            LogRefused(connection.RemoteEndPoint, late.IsCancellationRequested ? "it took too long" : "stopping");
        }
        catch (Exception fault) when (fault is IOException or AuthenticationException)
        {
            LogRefused(connection.RemoteEndPoint, fault.Message);
        }
        finally
        {
            if (tls is not null)
                await tls.DisposeAsync();
        }

        return null;
    }

    private static async Task<(HelloStatus, ClientHello)> HelloAsync(PipeReader input, CancellationToken cancellation)
    {
        for (long effort = 0; ; )
        {
            ReadResult read = await input.ReadAsync(cancellation);
            ReadOnlySequence<byte> arrived = read.Buffer;
            effort += arrived.Length;
            HelloStatus status = arrived.IsSingleSegment
                ? ClientHello.TryRead(arrived.FirstSpan, out ClientHello hello)
                : ClientHello.TryRead(arrived.ToArray(), out hello);
            // It is read anew each time that more comes: for one that comes in crumbs, not without end.
            bool more =
                status == HelloStatus.Incomplete
                && !read.IsCompleted
                && arrived.Length < ClientHello.Longest * 2
                && effort < MostEffort;
            // It stays for TLS to read.
            input.AdvanceTo(arrived.Start, more ? arrived.End : arrived.Start);
            if (!more)
                return (status, hello);
        }
    }

    // What nobody is there for was not offered.
    private Protocols Choose(Protocols offered)
    {
        // Alone, or it is none (RFC 8737 §3).
        if (offered == Protocols.Challenge)
            return Protocols.Challenge;
        if (offered.HasFlag(Protocols.Client))
            return Protocols.Client;
        if (offered.HasFlag(Protocols.Server) && doors.Servers is not null)
            return Protocols.Server;
        if (offered.HasFlag(Protocols.Relay) && doors.Relay is not null)
            return Protocols.Relay;
        if (offered.HasFlag(Protocols.Http2))
            return Protocols.Http2;
        if (offered.HasFlag(Protocols.Http11))
            return Protocols.Http11;
        return offered == Protocols.None ? Protocols.None : Protocols.Other;
    }

    private TlsSettings? Settings(Protocols chosen, ClientHello hello) =>
        chosen switch
        {
            Protocols.Other => null,
            Protocols.Relay => doors.Certificate().Settings(TlsPurpose.Relay),
            Protocols.Challenge => hello.ServerName is { } name && doors.Challenge?.Invoke(name) is { } certificate
                ? ServerCertificate.ForChallenge(certificate)
                : null,
            _ => doors.Certificate().Settings(TlsPurpose.Https),
        };

    // Null when it has come to its end.
    private async Task<Func<Task>?> DoorAsync(
        Protocols chosen,
        ConnectionContext connection,
        TlsConnection tls,
        ConnectionDelegate http,
        CancellationToken cancellation
    )
    {
        if (chosen == Protocols.Challenge)
            return null;
        if (chosen == Protocols.Relay)
            return Elsewhere(connection, () => RelayAsync(connection, tls));
        if (chosen == Protocols.Http2)
            return () => tls.ServeAsync(connection, http);
        byte? first = await tls.PeekAsync(cancellation);
        return first switch
        {
            null => null,
            (byte)'<' => Elsewhere(connection, () => doors.Clients.WithinTlsAsync(connection, tls, tls.Bindings)),
            <= 3 when doors.Relay is not null => Elsewhere(connection, () => RelayAsync(connection, tls)),
            _ => () => tls.ServeAsync(connection, http),
        };
    }

    // There it is counted anew, as long as it is a stranger there.
    private static Func<Task> Elsewhere(ConnectionContext connection, Func<Task> door) =>
        () =>
        {
            connection.Features.Get<Place>()?.Dispose();
            return door();
        };

    private static CancellationToken Stopping(ConnectionContext connection) =>
        connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;

    private Task RelayAsync(ConnectionContext connection, TlsConnection tls) =>
        doors.Relay!(connection, new DuplexPipeStream(tls, static () => { }));

    private static async Task ServeAsync(TlsConnection tls, Func<Task> door)
    {
        await using (tls)
            await door();
    }

    private async Task<Func<Task>?> RefuseAsync(ConnectionContext connection, HelloStatus status)
    {
        if (status == HelloStatus.Malformed)
            return await RefuseAsync(connection, "what it sends is not TLS any more", _decodeError);
        if (status != HelloStatus.NotTls)
            return await RefuseAsync(connection, "it has gone", []);
        ReadResult read = await connection.Transport.Input.ReadAsync();
        bool words = char.IsAsciiLetterUpper((char)read.Buffer.FirstSpan[0]);
        connection.Transport.Input.AdvanceTo(read.Buffer.End);
        return await RefuseAsync(connection, "it does not speak TLS", words ? _thisIsTls : []);
    }

    private async Task<Func<Task>?> RefuseAsync(ConnectionContext connection, string why, byte[] last)
    {
        LogRefused(connection.RemoteEndPoint, why);
        if (last.Length > 0)
            await connection.Transport.Output.WriteAsync(last);
        return null;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Connection from {Remote} refused: {Why}")]
    private partial void LogRefused(EndPoint? remote, string why);
}
