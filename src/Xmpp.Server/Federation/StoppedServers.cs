using Xmpp.Addresses;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Federation;

/// <summary>
/// All domains that are not ours while the home is stopped: what the lists here say to them waits on disk until it runs again
/// (README, "Federation" 2). Nothing else is said then.
/// </summary>
internal sealed class StoppedServers(XmppServer server) : Service
{
    private static readonly StanzaErrorException _stopped = new(
        new StanzaError("wait", "remote-server-timeout", "this home is stopped")
    );

    /// <inheritdoc/>
    public override Jid Address { get; } = server.Address;

    /// <inheritdoc/>
    public override Action? Keep(Transaction transaction, Stanza stanza)
    {
        server.Stores.Queue.Add(transaction, stanza.From!.Domain, stanza.To!.Domain, stanza.ToArray());
        return static () => { };
    }

    /// <inheritdoc/>
    public override void TakeMessage(Origin origin, Stanza message) => throw _stopped;

    /// <inheritdoc/>
    public override void TakePresence(Origin origin, Stanza presence) => throw _stopped;

    /// <inheritdoc/>
    public override ValueTask TakeIqAsync(Origin origin, Stanza iq, CancellationToken cancellation) => throw _stopped;
}
