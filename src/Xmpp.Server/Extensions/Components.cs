using Xmpp.Addresses;
using Xmpp.Server.Routing;
using Xmpp.Server.Streams;
using Xmpp.Stanzas;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0114 Jabber Component Protocol: programs beside the house, such as gateways, that answer at a domain of their own
/// while they are connected. Their streams are <see cref="ComponentStream"/>s.
/// </summary>
internal sealed class Components(XmppServer server) : Extension
{
    public override void Declare(Declarations declare)
    {
        declare.Implements("0114", "Jabber Component Protocol", "1.6");
        foreach (var (domain, secret) in server.Options.Components)
        {
            declare.Services.Add(new Component(server, Jid.Parse(domain), secret));
            declare.ServerItems.Add((domain, domain));
        }
    }
}

/// <summary>One configured component: its domain, and its connection while there is one.</summary>
internal sealed class Component(XmppServer server, Jid address, string secret) : Service
{
    private ComponentStream? _stream;

    public override Jid Address => address;
    public string Secret => secret;

    /// <summary>False when another connection answers for it.</summary>
    public bool TryConnect(ComponentStream stream) => Interlocked.CompareExchange(ref _stream, stream, null) is null;

    public void Disconnect(ComponentStream stream) => Interlocked.CompareExchange(ref _stream, null, stream);

    public override void TakeMessage(Origin origin, Stanza message)
    {
        CheckConnected(message);
        origin.Perform(message, server.Dispatcher.Messages.Leaving(origin, message, Give));
    }

    public override void TakePresence(Origin origin, Stanza presence) => Pass(origin, presence);

    public override ValueTask TakeIqAsync(Origin origin, Stanza iq, CancellationToken cancellation)
    {
        Pass(origin, iq);
        return ValueTask.CompletedTask;
    }

    private void Pass(Origin origin, Stanza stanza)
    {
        CheckConnected(stanza);
        origin.Perform(stanza, Effect.InOrder(() => Give(stanza)));
    }

    // What ends something needs nobody who hears it.
    private void CheckConnected(Stanza stanza)
    {
        bool ends =
            stanza.Kind == StanzaKind.Presence && stanza.Type is not (StanzaType.Available or StanzaType.Subscribe);
        if (!ends && Volatile.Read(ref _stream) is null)
            throw new StanzaErrorException(Gone);
    }

    private void Give(Stanza stanza)
    {
        if (Volatile.Read(ref _stream)?.Deliver(stanza) != true)
            Return(stanza);
    }

    /// <summary>It was on its way as the connection ended: its sender is told.</summary>
    public void Return(Stanza stanza)
    {
        bool silent =
            stanza.Kind == StanzaKind.Presence
            || stanza.Type is StanzaType.Error or StanzaType.Result or StanzaType.Headline;
        if (!silent)
            server.Dispatcher.Send(stanza.Bounce(Gone));
    }

    // RFC 6120 §8.3.3.17: it may come back.
    private static StanzaError Gone => new("wait", "remote-server-timeout", "the component is not connected");
}
