using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>
/// A message of the house or of one of its services, as an effect: what another server must not lose is on disk with what it
/// belongs to (README, "Federation" 2).
/// </summary>
/// <param name="kind">What the table of payloads says of it, as it was before a service put its own words behind it.</param>
internal sealed class Letter(XmppServer server, Stanza message, Treatment kind) : Effect
{
    private readonly Service? _keeper = kind.Offline ? KeeperOf(server, message) : null;
    private Action? _send;

    private static Service? KeeperOf(XmppServer server, Stanza message)
    {
        string domain = message.To!.Domain;
        Service? service = domain == server.Options.Domain ? null : server.Dispatcher.Services.Find(domain);
        return service?.CanKeep(message) == true ? service : null;
    }

    public override bool Writes => _keeper is not null;

    public override void Store(Transaction transaction) => _send = _keeper?.Keep(transaction, message);

    public override void Released()
    {
        if (_send is not null)
            _send();
        else
            server.Dispatcher.Send(message);
    }

    public override void Failed() => _send = null;
}
