using Xmpp.Addresses;
using Xmpp.Server.Sessions;
using Xmpp.Xml;

namespace Xmpp.Server.Household;

/// <summary>Who is signed in at this moment.</summary>
public sealed class SignedIn
{
    private readonly XmppServer _server;

    internal SignedIn(XmppServer server) => _server = server;

    /// <summary>Accounts with a session, by name.</summary>
    public IReadOnlyList<Account> List() =>
        [
            .. _server
                .Accounts.Live.Where(account => !account.Sessions.IsEmpty)
                .OrderBy(account => account.Name, StringComparer.Ordinal),
        ];

    /// <summary>Ends the session of a full address, or all of a bare one; their clients may sign in again.</summary>
    /// <exception cref="RefusedException">There is nobody of that name.</exception>
    public async Task EndAsync(Jid address)
    {
        string name = _server.Home.People.Get(address.Bare.ToString()).Account.Name;
        Session[] ending =
        [
            .. (_server.Accounts.Loaded(name)?.Sessions ?? []).Where(session =>
                address.IsBare || session.Jid == address
            ),
        ];
        await Task.WhenAll(
            ending.Select(session => session.KickAsync(StreamErrorCondition.Reset, "ended by an admin"))
        );
    }

    /// <summary>A chat message of the box to everybody who is signed in.</summary>
    public void Announce(string text)
    {
        foreach (Account account in List())
            _server.Home.Box.Tell(account, text);
    }
}
