using Xmpp.Addresses;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>
/// The household: people, roles, circles, invites, guardians and what they mean for contact lists. XMPP commands,
/// <c>/api</c> and the command line are thin doors to it.
/// </summary>
public sealed class Home : IDisposable
{
    private readonly XmppServer _server;
    private readonly EndDates _endDates;

    internal Home(XmppServer server)
    {
        _server = server;
        Circles = new Circles(server);
        People = new People(server);
        Invites = new Invites(server);
        Guardians = new Guardians(server);
        Approvals = new Approvals(server);
        SignedIn = new SignedIn(server);
        Reports = new ReportInbox(server);
        Box = new Box(server);
        QuietHours = new QuietHours(server);
        _endDates = new EndDates(server);
    }

    public Circles Circles { get; }
    public People People { get; }
    public Invites Invites { get; }
    public Guardians Guardians { get; }
    public Approvals Approvals { get; }
    public QuietHours QuietHours { get; }
    public SignedIn SignedIn { get; }
    public ReportInbox Reports { get; }

    /// <summary>The box as a contact.</summary>
    public Box Box { get; }

    public IEnumerable<Circle> CirclesOf(Account account)
    {
        foreach (Circle circle in Circles.All.Values)
            if (circle.Has(account))
                yield return circle;
    }

    public bool ShareCircle(Account one, Account other) =>
        Circles.All.Values.Any(circle => circle.Has(one) && circle.Has(other));

    /// <summary>The circles that put the contact into the account's list.</summary>
    public IEnumerable<Circle> CirclesWith(Account account, Jid contact) =>
        account.Jid == contact.Bare ? [] : CirclesOf(account).Where(circle => circle.Has(contact.Bare));

    /// <summary>True when <paramref name="guardian"/> watches over the limited account: named, or an admin where nobody is named.</summary>
    public bool IsGuardianOf(Account guardian, Account limited) =>
        limited.Oversight?.IsGuardian(guardian.Record) == true;

    /// <summary>True when a guardian approved the address, or room, elsewhere.</summary>
    public bool IsApproved(Account account, Jid elsewhere) =>
        account.Oversight?.IsApproved(elsewhere.Bare.ToString()) == true;

    /// <summary>
    /// The contact list as the account's clients see it: what it stored, under the circles (laws, "Circles are computed").
    /// Requests between people of one circle are moot: they are in <see cref="Account.Stored"/> only.
    /// </summary>
    public IReadOnlyDictionary<Jid, RosterItem> Roster(Account account)
    {
        Dictionary<Jid, RosterItem>? merged = null;
        foreach (Circle circle in CirclesOf(account))
        {
            merged ??= account.Stored.ToDictionary();
            foreach (var (id, mate) in circle.Members)
                if (id != account.Id)
                    merged[mate] = InCircle(merged.GetValueOrDefault(mate), mate, circle.Name);
        }
        return merged ?? (IReadOnlyDictionary<Jid, RosterItem>)account.Stored;
    }

    /// <summary>One contact as <see cref="Roster"/> shows it.</summary>
    public RosterItem? Contact(Account account, Jid contact)
    {
        RosterItem? item = account.Stored.GetValueOrDefault(contact.Bare);
        foreach (Circle circle in CirclesWith(account, contact))
            item = InCircle(item, contact.Bare, circle.Name);
        return item;
    }

    /// <summary>
    /// Who may see the account's presence, each once: the people of its circles, and those of its list who are subscribed.
    /// The same as in <see cref="Roster"/>, without making the list.
    /// </summary>
    public IEnumerable<Jid> Watchers(Account account)
    {
        Circle[] circles = [.. CirclesOf(account)];
        for (int i = 0; i < circles.Length; i++)
            foreach (var (id, mate) in circles[i].Members)
                if (id != account.Id && !AnyHas(circles.AsSpan(0, i), mate))
                    yield return mate;
        foreach (RosterItem item in account.Stored.Values)
            if (item.Subscription.HasFlag(Subscription.From) && !AnyHas(circles, item.Contact))
                yield return item.Contact;
    }

    /// <summary>True when the contact is one of the account's <see cref="Watchers"/>.</summary>
    public bool IsWatcher(Account account, Jid contact)
    {
        Jid bare = contact.Bare;
        if (account.Stored.TryGetValue(bare, out RosterItem? item) && item.Subscription.HasFlag(Subscription.From))
            return true;
        if (bare == account.Jid)
            return false;
        foreach (Circle circle in Circles.All.Values)
            if (circle.Has(account) && circle.Has(bare))
                return true;
        return false;
    }

    private static bool AnyHas(ReadOnlySpan<Circle> circles, Jid bare)
    {
        foreach (Circle circle in circles)
            if (circle.Has(bare))
                return true;
        return false;
    }

    private static RosterItem InCircle(RosterItem? stored, Jid mate, string circle)
    {
        stored ??= new RosterItem(mate);
        return stored with
        {
            Name = stored.Name ?? mate.Local,
            Groups = stored.Groups.Contains(circle) ? stored.Groups : [.. stored.Groups, circle],
            Subscription = Subscription.Both,
            Ask = false,
            PendingIn = null,
            Listed = true,
        };
    }

    /// <summary>Accounts came, went or got another end.</summary>
    internal void EndDatesChanged() => _endDates.Arm();

    /// <summary>Reads the circles anew, when they were written past this service.</summary>
    internal void Reload() => Circles.All = Circles.Read(_server);

    /// <summary>Stops watching end dates and quiet hours.</summary>
    public void Dispose()
    {
        _endDates.Dispose();
        QuietHours.Dispose();
    }
}
