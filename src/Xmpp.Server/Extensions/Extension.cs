using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// One XEP, one file. Its <see cref="Declare"/> says what it implements and hands over its handlers; disco, the
/// conformance table and <c>doap.xml</c> come from there.
/// </summary>
public abstract class Extension
{
    public abstract void Declare(Declarations declare);
}

/// <summary>Whom an IQ is for.</summary>
[Flags]
public enum Target
{
    /// <summary>The domain itself.</summary>
    Server = 1,

    /// <summary>The asker's own account (<c>to</c> is missing or its own bare JID).</summary>
    OwnAccount = 2,

    /// <summary>Another local account's bare JID; the gate has let it pass, the handler decides what is told.</summary>
    OtherAccount = 4,

    /// <summary>A bare JID with no account, or none for this asker: few answer for it with anything but an error.</summary>
    Nobody = 8,
}

/// <summary>An IQ request. <see cref="Payload"/> is its one child.</summary>
/// <param name="Session">The local session that asks; null when the request comes from elsewhere.</param>
/// <param name="Subject">The local account that is asked; null for the server.</param>
public sealed record Request(
    Stanza Stanza,
    Element Payload,
    Session? Session,
    Household.Account? Subject,
    CancellationToken Cancellation
)
{
    /// <summary>It is to an address where nobody is for this asker.</summary>
    public bool IsToNobody { get; init; }

    public Target Target =>
        IsToNobody ? Target.Nobody
        : Subject is null ? Target.Server
        : Session?.Account == Subject ? Target.OwnAccount
        : Target.OtherAccount;

    /// <summary>The asking session; for handlers that serve their own account only.</summary>
    public Session Own => Session ?? throw new StanzaErrorException(StanzaError.NotAllowed());

    /// <summary>The full JID that asks.</summary>
    public Addresses.Jid From => Stanza.From!;
}

/// <summary>What a handler returns, so that there is exactly one answer.</summary>
public abstract record Reply
{
    private static readonly Reply _empty = new Done(default);

    /// <summary>An answer at once.</summary>
    public sealed record Done(ReadOnlyMemory<byte> Payload) : Reply;

    public sealed record Refused(StanzaError Why) : Reply;

    /// <summary>
    /// An answer after a commit: <paramref name="Write"/> runs in the writer's transaction (possibly twice) and decides
    /// the answer; <paramref name="Released"/> runs after the sync, before the answer leaves, unless it was a refusal.
    /// </summary>
    public sealed record Written(Func<Stores.Transaction, Reply> Write, Action? Released) : Reply;

    /// <summary>
    /// An answer made in the common order, out of memory as it is committed: what changes later is told after it.
    /// </summary>
    public sealed record Placed(Func<Reply> Make) : Reply;

    /// <summary>Nothing now: the handler itself sends the answer, as its last step.</summary>
    public sealed record Sent : Reply;

    public static Reply Empty => _empty;

    public static Reply Result(byte[] payload) => new Done(payload);

    public static Reply Result(XmlBuilder payload) => new Done(payload.ToArray());

    public static Reply Error(StanzaError error) => new Refused(error);

    public static Reply InOrder(Func<Reply> make) => new Placed(make);

    public static Reply After(Func<Stores.Transaction, Reply> write, Action? released = null) =>
        new Written(write, released);
}

/// <summary>Answers an IQ. What the asker itself must wait for may be awaited: only its own session waits.</summary>
public delegate ValueTask<Reply> IqHandler(Request request);

/// <summary>Where extensions put what they have to say; read once at the start.</summary>
public sealed class Declarations
{
    private readonly Dictionary<(StanzaType, string, string), (Target Targets, IqHandler Handler)> _iqs = [];
    private readonly SortedSet<string> _serverFeatures = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _accountFeatures = new(StringComparer.Ordinal);
    private readonly List<(Stage Stage, Action<Passage> Handler)> _stages = [];

    /// <summary>What the conformance table lists.</summary>
    public List<(string Number, string Name, string Version)> Implemented { get; } = [];

    /// <summary>Writers of stream features after sign-in.</summary>
    public List<Action<XmlBuilder>> StreamFeatures { get; } = [];
    public List<Action<Session>> Bound { get; } = [];
    public List<Action<Session>> Closed { get; } = [];

    /// <summary>Elements that are no stanzas, sent on a bound stream.</summary>
    public Dictionary<(string Name, string Namespace), Func<Session, Element, ValueTask>> Nonzas { get; } = [];

    /// <summary>
    /// What a client may ask for while it binds (XEP-0386 §3.2), before the session can be reached; an answer goes into
    /// the open <c>&lt;bound/&gt;</c>.
    /// </summary>
    public Dictionary<(string Name, string Namespace), Action<Session, Element, XmlBuilder>> Inline { get; } = [];

    /// <summary>
    /// What else goes, with all else that hangs on it, in the transaction that ends a device (laws, "A device"); returns
    /// what is to be told after the commit, null for nothing.
    /// </summary>
    public List<Func<Stores.Transaction, Stores.DeviceRecord, Action?>> DeviceEnded { get; } = [];

    /// <summary>Extra forms in the server's disco#info (XEP-0128), such as contact addresses.</summary>
    public List<Func<DiscoForm?>> ServerForms { get; } = [];

    /// <summary>What else the server is beside a server (XEP-0030 §3.1).</summary>
    public List<DiscoIdentity> ServerIdentities { get; } = [];

    /// <summary>Items of the server (XEP-0030 §4): JID and name.</summary>
    public List<(string Jid, string Name)> ServerItems { get; } = [];

    /// <summary>What else an account is beside an account (XEP-0030 §3.1).</summary>
    public List<DiscoIdentity> AccountIdentities { get; } = [];

    /// <summary>Nodes by name (XEP-0030 §3.2): what one is for this asker; null when there is none for it.</summary>
    public Dictionary<string, Func<Request, DiscoNode?>> Nodes { get; } = [];

    /// <summary>Who answers at domains that are not the household's own.</summary>
    public List<Service> Services { get; } = [];

    /// <summary>Items of an entity beside those of <see cref="ServerItems"/> and an account's sessions, as this asker sees them.</summary>
    public List<Func<Request, IEnumerable<DiscoItem>>> Items { get; } = [];

    /// <summary>Nodes that are not known by name beforehand; the first that answers is the one.</summary>
    public List<Func<Request, string, DiscoNode?>> OtherNodes { get; } = [];

    /// <summary>A session's client is known, with the software that it was known as before; in the common order.</summary>
    internal List<Action<Session, ClientSoftware?>> Recognised { get; } = [];

    /// <summary>Nodes of accounts that extensions know by name, or by all up to the last colon.</summary>
    internal Dictionary<string, PubSub.PersonalNode> PersonalNodes { get; } = new(StringComparer.Ordinal);

    /// <summary>What the server adds to a client's available presence, to all and to one.</summary>
    public List<Func<Session, Stanza, Stanza>> Stamps { get; } = [];

    /// <summary>Takes what is for the server alone out of a client's message, before it goes anywhere.</summary>
    public List<Func<Session, Stanza, Stanza>> Sending { get; } = [];

    /// <summary>Takes a message to the domain itself; false for one that it knows nothing of.</summary>
    public List<Func<Session, Stanza, bool>> DomainMessages { get; } = [];

    /// <summary>Hears each presence that a session broadcasts, in the common order.</summary>
    public List<Action<Session, Stanza>> Available { get; } = [];

    public IReadOnlyCollection<string> ServerFeatures => _serverFeatures;
    public IReadOnlyCollection<string> AccountFeatures => _accountFeatures;

    public void Implements(string number, string name, string version) => Implemented.Add((number, name, version));

    public void ServerFeature(params ReadOnlySpan<string> features)
    {
        foreach (string feature in features)
            _serverFeatures.Add(feature);
    }

    public void AccountFeature(params ReadOnlySpan<string> features)
    {
        foreach (string feature in features)
            _accountFeatures.Add(feature);
    }

    public void OnGet(Target targets, string ns, string name, IqHandler handler) =>
        On(StanzaType.Get, targets, ns, name, handler);

    public void OnSet(Target targets, string ns, string name, IqHandler handler) =>
        On(StanzaType.Set, targets, ns, name, handler);

    /// <summary>Takes part in a message's life at a stage; within one stage in the catalogue's order.</summary>
    public void At(Stage stage, Action<Passage> handler) => _stages.Add((stage, handler));

    private void On(StanzaType type, Target targets, string ns, string name, IqHandler handler)
    {
        if (!_iqs.TryAdd((type, ns, name), (targets, handler)))
            throw new InvalidOperationException($"two handlers for {type} {{{ns}}}{name}");
    }

    /// <summary>Every request that something answers.</summary>
    internal IReadOnlyCollection<(StanzaType Type, string Namespace, string Name)> Requests => _iqs.Keys;

    /// <summary>The handler for a request; null when there is none for this target. <paramref name="known"/> tells whether the server understands the request at all.</summary>
    internal IqHandler? Find(StanzaType type, Element payload, Target target, out bool known)
    {
        known = _iqs.TryGetValue((type, payload.Namespace, payload.Name), out var found);
        return known && found.Targets.HasFlag(target) ? found.Handler : null;
    }

    internal Action<Passage>[] StageHandlers(Stage stage) =>
        [.. _stages.Where(entry => entry.Stage == stage).Select(entry => entry.Handler)];
}
