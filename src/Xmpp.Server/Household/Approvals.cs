using System.Collections.Concurrent;
using Xmpp.Addresses;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>A limited account and somebody elsewhere who wait for a guardian's word.</summary>
/// <param name="Name">The limited account's.</param>
public sealed record Approval(ApprovalRequest Request, string Name);

/// <summary>
/// Whom limited accounts may reach elsewhere (laws, "Limited accounts have guardians"): requests, a guardian's word on
/// them, and its end. Guardians are named by the caller, who has proved to be one; null is the house itself.
/// </summary>
public sealed class Approvals
{
    /// <summary>For so long after a no nobody is asked again.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromDays(30);

    /// <summary>So many may wait for one account: strangers cannot fill the disk or a guardian's day.</summary>
    public const int MostWaiting = 20;

    private readonly XmppServer _server;
    private readonly ConcurrentDictionary<(long Account, string Address), bool> _underWay = [];

    internal Approvals(XmppServer server) => _server = server;

    /// <summary>
    /// The gate has refused: a request waits for the guardians, unless one does already, or they said no lately. Never
    /// waits, and costs a look into memory when it is asked again and again.
    /// </summary>
    internal void Ask(Account limited, Jid elsewhere, ApprovalKind kind)
    {
        string address = elsewhere.Bare.ToString();
        if (limited.Oversight is not { } oversight || limited.Blocks(elsewhere))
            return;
        if (oversight.IsAsked(address, _server.Time.GetUtcNow() - Rest))
            return;
        if (_underWay.Count < MostWaiting * 10 && _underWay.TryAdd((limited.Id, address), true))
            _server.Stores.Database.Enqueue(new Asking(this, limited, address, kind));
    }

    /// <summary>What waits for this guardian, oldest first; for null what waits at all.</summary>
    public IReadOnlyList<Approval> List(Account? guardian = null)
    {
        using Access access = _server.Stores.Database.OpenRead();
        var waiting = new List<Approval>();
        foreach (ApprovalRequest request in _server.Stores.Household.Requests(access))
            if (request.Refused is null && Subject(access, request, guardian) is { } subject)
                waiting.Add(new(request, subject.Name));
        return waiting;
    }

    /// <summary>Addresses elsewhere, people and rooms, that the account may reach.</summary>
    /// <exception cref="RefusedException">There is nobody of that name.</exception>
    public IReadOnlyList<string> Approved(string name)
    {
        using Access access = _server.Stores.Database.OpenRead();
        return _server.Stores.Household.Approved(access, People.Get(_server, access, name).Id);
    }

    /// <summary>Yes: both can reach each other from now on.</summary>
    /// <exception cref="RefusedException">No such request, or not this guardian's to answer.</exception>
    public Task ApproveAsync(long id, Account? guardian = null) =>
        new Answering(_server, id, guardian, yes: true).DoAsync();

    /// <summary>No: nobody is asked about it again for a while. A yes may still follow.</summary>
    /// <inheritdoc cref="ApproveAsync"/>
    public Task RefuseAsync(long id, Account? guardian = null) =>
        new Answering(_server, id, guardian, yes: false).DoAsync();

    /// <summary>Approves an address that nobody asked for.</summary>
    /// <exception cref="RefusedException">Nobody of that name, not a limited account of this guardian, or no address elsewhere.</exception>
    public Task AllowAsync(string name, string address, Account? guardian = null) =>
        new AllowedChange(_server, name, Elsewhere(address), guardian, allowed: true).DoAsync();

    /// <summary>The approval ends: whoever is there hears that the other has gone.</summary>
    /// <inheritdoc cref="AllowAsync"/>
    public Task WithdrawAsync(string name, string address, Account? guardian = null) =>
        new AllowedChange(_server, name, Elsewhere(address), guardian, allowed: false).DoAsync();

    private Jid Elsewhere(string address) =>
        Jid.TryParse(address.Trim(), out Jid? jid) && jid.Domain != _server.Options.Domain
            ? jid.Bare
            : throw new RefusedException(Refusal.BadRequest, $"“{address}” is no address elsewhere.");

    // The limited account that the request is about, where this guardian watches over it.
    private AccountRecord? Subject(Access access, ApprovalRequest request, Account? guardian) =>
        _server.Stores.Accounts.Find(access, request.Account) is { Role: Role.Limited } subject
        && Guardians.Watches(_server, access, guardian, subject)
            ? subject
            : null;

    private sealed class Asking(Approvals approvals, Account limited, string address, ApprovalKind kind) : Commit
    {
        private readonly XmppServer _server = approvals._server;
        private ApprovalRequest? _asked;

        public override void Write(Transaction transaction)
        {
            _asked = null;
            IHouseholdStore store = _server.Stores.Household;
            if (_server.Stores.Accounts.Find(transaction, limited.Id) is not { Role: Role.Limited })
                return;
            DateTimeOffset now = _server.Time.GetUtcNow();
            IReadOnlyList<ApprovalRequest> all = store.Requests(transaction, limited.Id);
            foreach (ApprovalRequest old in all)
                if (old.Refused <= now - Rest)
                    store.RemoveRequest(transaction, old.Id);
            bool asked = all.Any(old => old.Jid == address && !(old.Refused <= now - Rest));
            // A guardian may have answered while this one was on its way.
            asked |= store.Approved(transaction, limited.Id).Contains(address);
            if (asked || all.Count(old => old.Refused is null) >= MostWaiting)
                return;
            var request = new ApprovalRequest
            {
                Account = limited.Id,
                Jid = address,
                Kind = kind,
                Time = now,
            };
            _asked = request with { Id = store.AddRequest(transaction, request) };
        }

        public override void Released()
        {
            _server.Home.Guardians.Reread(limited);
            approvals._underWay.TryRemove((limited.Id, address), out _);
            if (_asked is null)
                return;
            BoxTexts texts = _server.Home.Box.Texts;
            string text = texts.Ask(texts.Wish(kind, limited.Name, address), _asked.Id);
            foreach (Account guardian in _server.Home.Guardians.Of(limited))
                _server.Home.Box.Tell(guardian, text);
        }

        public override void Failed(Exception error)
        {
            _server.Log.WriteFailed(error, limited.Jid);
            approvals._underWay.TryRemove((limited.Id, address), out _);
        }
    }

    private sealed class Answering(XmppServer server, long id, Account? guardian, bool yes) : Change(server)
    {
        private ApprovalRequest? _request;
        private AccountRecord? _subject;

        public override void Write(Transaction transaction)
        {
            IHouseholdStore store = Server.Stores.Household;
            _request = store.FindRequest(transaction, id);
            _subject = _request is null ? null : Server.Home.Approvals.Subject(transaction, _request, guardian);
            if (_request is null || _subject is null)
                throw new RefusedException(Refusal.NoRequest, Server.Home.Box.Texts.NoSuchRequest(id));
            if (yes)
            {
                store.SetApproved(transaction, _subject.Id, _request.Jid, approved: true);
                store.RemoveRequest(transaction, id);
            }
            else
            {
                store.RefuseRequest(transaction, id, Server.Time.GetUtcNow());
            }
        }

        public override void Released()
        {
            if (Server.Accounts.Find(_subject!.Name) is not { } limited)
                return;
            Jid address = Jid.Parse(_request!.Jid);
            Server.Home.Guardians.Reread(limited);
            if (yes)
                new Meeting(Server, limited, address).Begin(_request.Kind == ApprovalKind.Subscription);
            Box box = Server.Home.Box;
            string by = guardian?.Name ?? box.Texts.TheHouse;
            string over = yes
                ? box.Texts.Approved(by, limited.Name, _request.Jid)
                : box.Texts.Refused(by, limited.Name, _request.Jid);
            foreach (Account each in Server.Home.Guardians.Of(limited))
                box.Tell(each, over);
            if (_request.Kind == ApprovalKind.Outgoing)
                box.Tell(limited, yes ? box.Texts.MayNow(_request.Jid) : box.Texts.MayNot(_request.Jid));
        }
    }

    private sealed class AllowedChange(XmppServer server, string name, Jid address, Account? guardian, bool allowed)
        : Change(server)
    {
        private AccountRecord? _subject;

        public override void Write(Transaction transaction)
        {
            IHouseholdStore store = Server.Stores.Household;
            _subject = Guardians.Ward(Server, transaction, name, guardian);
            if (store.Approved(transaction, _subject.Id).Contains(address.ToString()) == allowed)
                throw new RefusedException(
                    Refusal.BadRequest,
                    $"{address} is {(allowed ? "already" : "not")} approved for {_subject.Name}."
                );
            store.SetApproved(transaction, _subject.Id, address.ToString(), allowed);
            foreach (ApprovalRequest request in store.Requests(transaction, _subject.Id))
                if (allowed && request.Jid == address.ToString())
                    store.RemoveRequest(transaction, request.Id);
        }

        public override void Released()
        {
            if (Server.Accounts.Loaded(_subject!.Name) is not { } limited)
                return;
            var meeting = new Meeting(Server, limited, address);
            if (!allowed)
                meeting.End();
            Server.Home.Guardians.Reread(limited);
            if (allowed)
                meeting.Begin(subscribes: false);
        }
    }
}
