using System.Security.Cryptography;
using System.Text;
using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Streams;

/// <summary>
/// One connection of a component (XEP-0114 §3) from its first byte to its end: the handshake, then stanzas both ways. What
/// others send it never waits; what it sends itself is read slowly when it is a flood.
/// </summary>
internal sealed class ComponentStream(XmppServer server, Transport transport)
{
    public const string Namespace = "jabber:component:accept";

    private readonly Outbox _outbox = new();
    private readonly CancellationTokenSource _cut = new();
    private readonly string _id = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)).ToLowerInvariant();
    private Jid? _address;
    private volatile bool _finished;

    /// <summary>Queues for the component; false when its stream has ended.</summary>
    public bool Deliver(Stanza stanza)
    {
        DeliveryResult result = _outbox.Add(new Outgoing(stanza, stanza.To));
        if (result == DeliveryResult.Full)
            _ = _cut.CancelAsync();
        return result != DeliveryResult.Closed;
    }

    /// <summary>Never throws for what the peer does.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using CancellationTokenRegistration stop = stopping.Register(() => _ = _cut.CancelAsync());
        StreamErrorException? error;
        try
        {
            error = await ServeAsync(stopping);
        }
        catch (Exception bug)
        {
            server.Log.Bug(bug, _address);
            error = new(StreamErrorCondition.InternalServerError);
        }
        await SayGoodbyeAsync(error);
        server.Log.StreamEnded(transport.RemoteAddress.ToString(), error?.Message ?? "ended");
        await transport.DisposeAsync();
    }

    // What the peer is told at the end; null for nothing.
    private async Task<StreamErrorException?> ServeAsync(CancellationToken stopping)
    {
        try
        {
            if (await NegotiateAsync() is not { } component)
                return null;
            return await ServeAsync(component);
        }
        catch (StreamErrorException error)
        {
            return error;
        }
        catch (OperationCanceledException)
        {
            return new(
                stopping.IsCancellationRequested ? StreamErrorCondition.SystemShutdown
                : _finished ? StreamErrorCondition.ResourceConstraint
                : StreamErrorCondition.ConnectionTimeout
            );
        }
        catch (IOException)
        {
            return null;
        }
    }

    // ---- handshake ----

    private async Task<Component?> NegotiateAsync()
    {
        if (!server.Strangers.TryEnter(transport.RemoteAddress))
            throw new StreamErrorException(StreamErrorCondition.PolicyViolation, "too many connections");
        try
        {
            transport.Limits = new XmlLimits { Bytes = server.Options.UnauthenticatedStanzaBytes };
            using var patience = new CancellationTokenSource(
                TimeSpan.FromSeconds(server.Options.AuthenticateSeconds),
                server.Time
            );
            using var both = CancellationTokenSource.CreateLinkedTokenSource(_cut.Token, patience.Token);
            return await HandshakeAsync(both.Token);
        }
        finally
        {
            server.Strangers.Leave(transport.RemoteAddress);
        }
    }

    private async Task<Component?> HandshakeAsync(CancellationToken cancellation)
    {
        StreamInput header = await transport.ReadAsync(cancellation);
        if (header.Event != StreamEvent.Opened)
            return null;
        Component component = Open(header.Element);
        await transport.FlushAsync(cancellation);
        StreamInput input = await transport.ReadAsync(cancellation);
        if (input.Event != StreamEvent.Element)
            return null;
        if (!IsRight(input.Element, component))
        {
            server.Log.SignInFailed(transport.RemoteAddress.ToString(), $"component {component.Address}");
            throw new StreamErrorException(StreamErrorCondition.NotAuthorized);
        }
        if (!component.TryConnect(this))
            throw new StreamErrorException(StreamErrorCondition.Conflict, "the component is connected already");
        transport.Write("<handshake/>"u8);
        return component;
    }

    private Component Open(Element header)
    {
        _address = Jid.TryParse(header.Attribute("to"), out Jid? to) ? to : server.Address;
        transport.WriteOpen(new StreamHeader(_address.ToString(), _id));
        if (header is not { Name: "stream", Namespace: Ns.Streams } || header.Attribute("xmlns", Ns.Xmlns) != Namespace)
            throw new StreamErrorException(StreamErrorCondition.InvalidNamespace);
        return server.Dispatcher.Services.At(_address.Domain) as Component
            ?? throw new StreamErrorException(StreamErrorCondition.HostUnknown);
    }

    private bool IsRight(Element handshake, Component component)
    {
        if (handshake.Name != "handshake" || handshake.Namespace is not (Namespace or Ns.Client))
            return false;
#pragma warning disable CA5350 // XEP-0114 §3 knows no other hash.
        byte[] digest = SHA1.HashData(Encoding.UTF8.GetBytes(_id + component.Secret));
#pragma warning restore CA5350
        byte[] expected = Encoding.ASCII.GetBytes(Convert.ToHexString(digest).ToLowerInvariant());
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(handshake.Text.Trim()));
    }

    // ---- stanzas ----

    private async Task<StreamErrorException?> ServeAsync(Component component)
    {
        transport.Limits = new XmlLimits { Bytes = server.Options.StanzaBytes };
        Task writer = WriteAsync();
        try
        {
            await ReadAsync();
            return null;
        }
        finally
        {
            component.Disconnect(this);
            _finished = true;
            _cut.CancelAfter(TimeSpan.FromSeconds(5));
            foreach (Outgoing left in _outbox.Close())
                if (left.Stanza is { } stanza)
                    component.Return(stanza);
            await writer;
        }
    }

    private async Task ReadAsync()
    {
        var throttle = new Throttle(server.Options.StanzasPerSecond, server.Time);
        while (true)
        {
            StreamInput input = await transport.ReadAsync(_cut.Token);
            if (input.Event == StreamEvent.Opened)
                throw new StreamErrorException(StreamErrorCondition.BadFormat, "a second stream header");
            if (input.Event != StreamEvent.Element)
                return;
            await throttle.WaitAsync(_cut.Token);
            Stanza stanza = Read(input.Element);
            await server.Dispatcher.TakeAsync(Origin.Elsewhere(server, stanza.From!), stanza, _cut.Token);
        }
    }

    // §3: each has both addresses, and comes from the component's own domain.
    private Stanza Read(Element element)
    {
        if (!Stanza.TryRead(element, out Stanza? stanza, out _))
            throw new StreamErrorException(StreamErrorCondition.UnsupportedStanzaType);
        if (stanza.From is not { } from || from.Domain != _address!.Domain)
            throw new StreamErrorException(StreamErrorCondition.InvalidFrom);
        return stanza.To is null ? throw new StreamErrorException(StreamErrorCondition.ImproperAddressing) : stanza;
    }

    private async Task WriteAsync()
    {
        try
        {
            while (!_finished)
                if (!await TryWriteAsync())
                    await _outbox.WaitAsync();
        }
        catch (Exception lost) when (lost is IOException or ObjectDisposedException or OperationCanceledException)
        {
            await _cut.CancelAsync();
        }
    }

    private async ValueTask<bool> TryWriteAsync()
    {
        if (!_outbox.Fill(transport, static () => 0))
            return false;
        await transport.FlushAsync(_cut.Token);
        _outbox.Flushed();
        return true;
    }

    private async Task SayGoodbyeAsync(StreamErrorException? error)
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            if (error is not null && _address is null)
                transport.WriteOpen(new StreamHeader(server.Options.Domain, _id));
            if (error is not null)
                transport.Write(StreamElements.Error(error));
            if (error is not null || _address is not null)
                transport.WriteClose();
            await transport.FlushAsync(patience.Token);
        }
        catch (Exception lost) when (lost is IOException or ObjectDisposedException or OperationCanceledException)
        {
            server.Log.StreamEnded(transport.RemoteAddress.ToString(), lost.Message);
        }
    }
}
