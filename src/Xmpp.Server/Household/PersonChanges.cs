using Xmpp.Addresses;
using Xmpp.Sasl;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Household;

/// <summary>What is on an account's record changes.</summary>
internal sealed class RecordChange(XmppServer server, string name, Func<AccountRecord, AccountRecord> change)
    : Change(server)
{
    private AccountRecord? _before;
    private AccountRecord? _after;

    /// <summary>Sessions and tokens end with it.</summary>
    public bool EndsSignIns { get; init; }

    public override string EndReason => "the account is locked";

    public override void Write(Transaction transaction)
    {
        _before = People.Get(Server, transaction, name);
        _after = change(_before);
        Server.Stores.Accounts.Update(transaction, _after);
        if (!EndsSignIns)
            return;
        Server.Accounts.Outdate(_after.Name);
        Server.Stores.Accounts.RemoveAllFastTokens(transaction, _after.Id);
        Server.Stores.Push.RemoveAll(transaction, _after.Id, exceptDevice: null);
    }

    public override void Released()
    {
        // Laws, "Who may reach whom", 2: the role decides at once.
        var sightings = new Sightings(Server);
        if (Server.Accounts.Loaded(_after!.Name) is { } there && there.Record.Role != _after.Role)
            sightings.NoteAll(there);
        Server.Accounts.Refresh(_after.Name, account => account.Record = _after);
        if (Server.Accounts.Loaded(_after.Name) is { } loaded)
            Server.Home.Guardians.Reread(loaded);
        sightings.Changed();
        Server.Rooms.Recheck(Moved());
        if (EndsSignIns)
        {
            Server.Accounts.Refresh(_after.Name, static account => account.PushTargets = []);
            Ending.AddRange(Server.Accounts.EndSignIns(_after.Name));
        }
        Server.Home.EndDatesChanged();
        Server.Home.QuietHours.Check();
    }

    // Admins run the rooms of their circles.
    private ILookup<long, Jid> Moved()
    {
        Jid who = People.Address(Server, _after!.Name);
        bool isSame = (_before!.Role == Role.Admin) == (_after.Role == Role.Admin);
        return Server
            .Home.Circles.All.Values.Where(circle => !isSame && circle.Has(who))
            .ToLookup(static circle => circle.Id, _ => who);
    }
}

/// <summary>
/// The password changes or is forgotten; sessions and push registrations (all but the session that asked, and its
/// device's) and tokens end in the same step (security.md, "Web").
/// </summary>
/// <param name="name">Prepared.</param>
/// <param name="keys">None: nobody signs in by password any more.</param>
internal class PasswordChange(XmppServer server, string name, IReadOnlyList<ScramKeys> keys) : Change(server)
{
    public override string EndReason => "the password was changed";

    /// <summary>The session that asked.</summary>
    public Session? Except { get; init; }

    /// <summary>A link to choose the next password by; those from before end.</summary>
    public InviteRecord? Link { get; init; }

    public override void Write(Transaction transaction)
    {
        long account = People.Get(Server, transaction, name).Id;
        Server.Accounts.Outdate(name);
        Server.Stores.Accounts.SetKeys(transaction, account, keys);
        Server.Stores.Accounts.RemoveAllFastTokens(transaction, account);
        Server.Stores.Push.RemoveAll(transaction, account, Except?.Device);
        Server.Devices.ForgetPasswords(transaction, account, Except?.Device);
        foreach (InviteRecord old in Server.Stores.Household.Invites(transaction))
            if (old.Reset == account && old.Used == 0)
                Server.Stores.Household.RemoveInvite(transaction, old.Id);
        if (Link is not null)
            Server.Stores.Household.AddInvite(transaction, Link with { Reset = account });
    }

    public override void Released()
    {
        Server.Accounts.Refresh(
            name,
            account => account.PushTargets = account.PushTargets.RemoveAll(target => target.Device != Except?.Device)
        );
        Ending.AddRange(Server.Accounts.EndSignIns(name, Except));
    }
}

/// <summary>
/// An account goes with all that is its own. Who had it in the contact list keeps the entry, without a subscription, and
/// hears <c>unsubscribe</c> and <c>unsubscribed</c> (RFC 6121 §3.2, §3.3).
/// </summary>
internal sealed class RemovalChange(XmppServer server, string name) : Change(server)
{
    private readonly CircleChange _circles = new(server);
    private readonly List<Parting> _partings = [];
    private readonly List<Action> _farewells = [];
    private IReadOnlyList<UploadRecord> _files = [];
    private AccountRecord? _gone;

    public override string EndReason => "the account was removed";

    public override void Write(Transaction transaction)
    {
        _circles.Begin();
        _partings.Clear();
        _farewells.Clear();
        _gone = People.Get(Server, transaction, name);
        var who = KeyValuePair.Create(_gone.Id, People.Address(Server, _gone.Name));
        foreach (long holder in Server.Stores.Rosters.Holders(transaction, who.Value))
            if (holder != _gone.Id && Server.Accounts.Find(holder) is { } contact)
                _partings.Add(Parting.Write(Server, transaction, contact, who.Value));
        foreach (RosterItem item in Server.Stores.Rosters.Items(transaction, _gone.Id))
            Farewell(transaction, who.Value, item);
        foreach (CircleRecord circle in Server.Stores.Household.CirclesOf(transaction, _gone.Id))
            _circles.Leave(transaction, circle, who);
        Server.Accounts.Outdate(_gone.Name);
        _files = Server.Stores.Uploads.List(transaction, _gone.Id);
        Server.Stores.PubSub.Forget(transaction, who.Value);
        Server.Stores.Rooms.RemovePerson(transaction, who.Value);
        Server.Stores.Accounts.Remove(transaction, _gone.Id);
    }

    // RFC 6121 §3.2, §3.3: contacts at other servers hear it too.
    private void Farewell(Transaction transaction, Jid gone, RosterItem item)
    {
        if (Server.Dispatcher.Services.Find(item.Contact.Domain) is not { } service)
            return;
        if (item.Ask || item.Subscription.HasFlag(Subscription.To))
            Keep(StanzaType.Unsubscribe);
        if (item.PendingIn is not null || item.Subscription.HasFlag(Subscription.From))
            Keep(StanzaType.Unsubscribed);

        void Keep(StanzaType type)
        {
            if (service.Keep(transaction, Presences.Plain(type, gone, item.Contact)) is { } send)
                _farewells.Add(send);
        }
    }

    public override void Released()
    {
        Ending.AddRange(Server.Accounts.EndSignIns(_gone!.Name));
        Ending.ForEach(Server.Dispatcher.Presences.Leave);
        _circles.Released();
        _partings.ForEach(parting => parting.Released());
        _farewells.ForEach(static send => send());
        Server.Accounts.Forget(_gone.Name);
        if (_files.Count > 0)
            Server.Stores.Files.Delete([.. _files.Select(file => file.Id)]);
        Server.Rooms.ForgetPerson(People.Address(Server, _gone.Name));
        Server.Home.Guardians.Removed(_gone.Id);
        Server.Home.EndDatesChanged();
    }
}
