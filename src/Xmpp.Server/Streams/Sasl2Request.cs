using System.Globalization;
using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Xml;

namespace Xmpp.Server.Streams;

/// <summary><c>&lt;authenticate/&gt;</c> (XEP-0388 §2.3): a sign-in, and what else the client wants done with it.</summary>
internal sealed class Sasl2Request(Element authenticate)
{
    internal const string FastNamespace = "urn:xmpp:fast:0";

    public string Mechanism { get; } = authenticate.Attribute("mechanism") ?? "";

    /// <summary>Base64; empty for none.</summary>
    public string InitialResponse { get; } = authenticate.Child("initial-response").Text;
    public UserAgent Agent { get; } = UserAgent.Read(authenticate.Child("user-agent"));

    /// <summary>XEP-0198 §9.2.</summary>
    public Element Resume { get; } = authenticate.Child("resume", Ns.StreamManagement);

    /// <summary>XEP-0386.</summary>
    public Element Bind { get; } = authenticate.Child("bind", Ns.Bind2);

    /// <summary>XEP-0480: the tasks that the client is ready to do.</summary>
    public IReadOnlyList<string> Upgrades { get; } =
    [.. Named(authenticate, "upgrade", HashUpgrades.Namespace).Select(upgrade => upgrade.Text.Trim())];

    /// <summary>XEP-0484: the client signs in with a token.</summary>
    public bool UsesToken => Fast.Exists;
    private Element Fast { get; } = authenticate.Child("fast", FastNamespace);
    private string? TokenRequest { get; } =
        authenticate.Child("request-token", FastNamespace) is { Exists: true } request
            ? request.Attribute("mechanism") ?? ""
            : null;

    /// <summary>The mechanism that a token is wanted for, if it is one of those offered.</summary>
    public string? TokenFor(IReadOnlyList<string> offered) =>
        TokenRequest is { } wanted && offered.Contains(wanted, StringComparer.Ordinal) ? wanted : null;

    /// <summary>Null when its count is no number.</summary>
    public FastUse? TokenUse(IReadOnlyList<string> offered)
    {
        long? count = null;
        if (Fast.Attribute("count") is { } text)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                return null;
            count = number;
        }
        bool invalidate = XmlText.IsTrue(Fast.Attribute("invalidate"));
        return new FastUse(count, invalidate, TokenFor(offered), Alone: !Bind.Exists && !Resume.Exists);
    }

    /// <summary>The stream's <c>from</c>, where there is one, is who signs in (§2.3).</summary>
    public static bool Agrees(Element header, Account account) =>
        !Jid.TryParse(header.Attribute("from"), out Jid? from) || from.Bare == account.Jid;

    private static IEnumerable<Element> Named(Element parent, string name, string ns)
    {
        var found = new List<Element>();
        foreach (Element child in parent.Children)
            if (child.Is(name, ns))
                found.Add(child);
        return found;
    }
}
