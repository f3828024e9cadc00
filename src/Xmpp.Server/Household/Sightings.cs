using Xmpp.Addresses;
using Xmpp.Server.Routing;

namespace Xmpp.Server.Household;

/// <summary>
/// Who saw whose presence before a change in memory; after it, those who see somebody anew are told so, and those who no
/// longer do. Used on the writer's thread.
/// </summary>
internal sealed class Sightings(XmppServer server)
{
    private readonly List<(Account Subject, Account Viewer, bool Saw)> _pairs = [];

    private Presences Presences => server.Dispatcher.Presences;

    /// <summary>Before the change; those who are not there need no news, but are news with what they published.</summary>
    public void Note(Account viewer, IEnumerable<Jid> subjects)
    {
        if (viewer.Sessions.IsEmpty)
            return;
        foreach (Jid address in subjects)
            if (IsHere(address) && server.Accounts.Find(address.Local!) is { } subject)
                _pairs.Add((subject, viewer, Presences.MaySee(viewer, subject)));
    }

    /// <summary>The same both ways, for everybody in the account's list.</summary>
    public void NoteAll(Account account)
    {
        IEnumerable<Jid> contacts = server.Home.Roster(account).Keys;
        Note(account, contacts);
        foreach (Jid address in contacts)
            if (IsHere(address) && server.Accounts.Loaded(address.Local!) is { } contact)
                Note(contact, [account.Jid]);
    }

    private bool IsHere(Jid address) => address.Local is not null && address.Domain == server.Options.Domain;

    /// <summary>After the change.</summary>
    public void Changed()
    {
        foreach (var (subject, viewer, saw) in _pairs)
        {
            bool sees = Presences.MaySee(viewer, subject);
            if (sees && !saw)
                Presences.Show(subject, viewer);
            else if (!sees && saw)
                Presences.Hide(subject, viewer);
        }
    }
}
