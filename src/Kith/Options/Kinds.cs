using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Serilog.Events;
using Xmpp.Addresses;

namespace Kith.Options;

/// <summary>The kinds of values that settings take. Empty text stands for "not set" where a value may be missing.</summary>
internal static class Kinds
{
    public static readonly Kind<int> Port = new IntKind(0, 65535, "a port", "; 0 = off");
    public static readonly Kind<int> Days = new IntKind(0, 36500, "days", "; 0 = for ever");
    public static readonly Kind<int> Percent = new IntKind(1, 100, "per cent");
    public static readonly Kind<int> Seconds = new IntKind(1, 86400, "seconds");
    public static readonly Kind<int> SecondsOfAMonth = new IntKind(1, 2_592_000, "seconds");
    public static readonly Kind<int> SecondsOrOff = new IntKind(0, 86400, "seconds", "; 0 = off");
    public static readonly Kind<int> Count = new IntKind(1, 1_000_000, "a number");
    public static readonly Kind<int> CountOrOff = new IntKind(0, 1_000_000, "a number", "; 0 = off");

    // Below it, a server could not take what RFC 6120 §13.12 says that every server must: 10,000 bytes.
    public static readonly Kind<int> StanzaBytes = new IntKind(10_000, 64 << 20, "bytes");
    public static readonly Kind<long> Bytes = new BytesKind();
    public static readonly Kind<bool> Switch = new SwitchKind();

    public static readonly Kind<TlsMode> Tls = new ChoiceKind<TlsMode>(
        ("acme", TlsMode.Acme),
        ("files", TlsMode.Files),
        ("self-signed", TlsMode.SelfSigned)
    );

    public static readonly Kind<FederationMode> Federation = new ChoiceKind<FederationMode>(
        ("open", FederationMode.Open),
        ("allow-list", FederationMode.AllowList),
        ("off", FederationMode.Off)
    );

    public static readonly Kind<LogEventLevel> LogLevel = new ChoiceKind<LogEventLevel>(
        ("Verbose", LogEventLevel.Verbose),
        ("Debug", LogEventLevel.Debug),
        ("Information", LogEventLevel.Information),
        ("Warning", LogEventLevel.Warning),
        ("Error", LogEventLevel.Error),
        ("Fatal", LogEventLevel.Fatal)
    );

    public static readonly Kind<string?> Text = Optional("any text", static text => text, static text => text);
    public static readonly Kind<string> Secret = new TextKind<string>(
        "a secret of at least 8 characters",
        static (string text, out string? secret) => (secret = text).Length >= 8,
        static secret => secret
    );

    public static readonly Kind<string?> Path = Optional(
        "the path of a file",
        static text => text,
        static text => text
    );

    public static readonly Kind<string?> Language = Optional(
        "a language tag as en or de-AT",
        static text => IsLanguage(text) ? text : null,
        static text => text
    );

    public static readonly Kind<TimeZoneInfo?> TimeZone = Optional(
        "a time zone as Europe/Berlin",
        static text => TimeZoneInfo.TryFindSystemTimeZoneById(text, out TimeZoneInfo? zone) ? zone : null,
        static zone => zone.Id
    );

    public static readonly Kind<Uri> Url = new TextKind<Uri>(
        "an https:// or http:// URL without query or fragment",
        TryUrl,
        static url => url.OriginalString
    );

    public static readonly Kind<Uri?> UrlOrNone = Optional(
        Url.Valid,
        static text => TryUrl(text, out Uri? url) ? url : null,
        static url => url.OriginalString
    );

    public static readonly Kind<IPAddress?> Address = Optional(
        "an IP address",
        static text => IPAddress.TryParse(text, out IPAddress? address) ? address : null,
        static address => address.ToString()
    );

    public static readonly Kind<IPAddress?> ListenAddress = new TextKind<IPAddress?>(
        "* or an IP address",
        static (string text, out IPAddress? address) =>
        {
            address = null;
            return text == "*" || IPAddress.TryParse(text, out address);
        },
        static address => address?.ToString() ?? "*"
    );

    public static readonly Kind<IPNetwork> Network = new TextKind<IPNetwork>(
        "an IP address or network as 10.0.0.0/8",
        TryNetwork,
        static network => network.ToString()
    );

    public static readonly Kind<IPEndPoint?> Resolver = Optional(
        "an IP address, with :port or without",
        AsResolver,
        Show
    );

    public static readonly Kind<PortRange> PortRange = new TextKind<PortRange>(
        "two ports as 49152-49215, the lower first",
        TryPortRange,
        static range => string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}")
    );

    public static readonly Kind<HostPort> HostPort = new TextKind<HostPort>(
        "host:port",
        TryHostPort,
        static host => string.Create(CultureInfo.InvariantCulture, $"{host.Host}:{host.Port}")
    );

    /// <summary>Normalised as addresses are (RFC 7622 §3.2).</summary>
    public static readonly Kind<string> Domain = new TextKind<string>("a domain name", TryDomain, static name => name);

    public static readonly Kind<string> DomainOrNone = new TextKind<string>(
        Domain.Valid,
        static (string text, out string? domain) =>
        {
            domain = "";
            return text.Length == 0 || TryDomain(text, out domain);
        },
        static name => name
    );

    public static readonly Kind<string> DomainRule = new TextKind<string>(
        "a domain name, with ! in front to refuse it",
        static (string text, out string? rule) =>
        {
            bool refuse = text.StartsWith('!');
            bool valid = TryDomain(refuse ? text[1..] : text, out rule);
            rule = valid && refuse ? "!" + rule : rule;
            return valid;
        },
        static rule => rule
    );

    public static readonly Kind<string> ContactAddress = new TextKind<string>(
        "an address as xmpp:NAME@DOMAIN, mailto:… or https://…",
        static (string text, out string? address) =>
        {
            address = text;
            return Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
                && uri.Scheme is "xmpp" or "mailto" or "https" or "http" or "tel";
        },
        static address => address
    );

    private static TextKind<T?> Optional<T>(string valid, Func<string, T?> parse, Func<T, string> format)
        where T : class =>
        new(
            valid,
            (string text, out T? value) =>
            {
                value = text.Length == 0 ? null : parse(text);
                return text.Length == 0 || value is not null;
            },
            value => value is null ? "" : format(value)
        );

    // BCP 47, as far as a household needs it: language, then script, region or variant.
    private static bool IsLanguage(string text)
    {
        string[] tags = text.Split('-');
        return tags[0].Length is 2 or 3
            && tags[0].All(char.IsAsciiLetter)
            && tags.Skip(1).All(tag => tag.Length is >= 2 and <= 8 && tag.All(char.IsAsciiLetterOrDigit));
    }

    private static bool TryUrl(string text, out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url)
        && url.Scheme is "https" or "http"
        && url is { Query: "", Fragment: "", UserInfo: "" };

    private static bool TryNetwork(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network))
            return true;
        if (!IPAddress.TryParse(text, out IPAddress? address))
            return false;
        network = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        return true;
    }

    private static IPEndPoint? AsResolver(string text) =>
        !IPEndPoint.TryParse(text, out IPEndPoint? server) ? null
        : server.Port == 0 ? new IPEndPoint(server.Address, 53)
        : server;

    private static string Show(IPEndPoint server) => server.ToString();

    private static bool TryPortRange(string text, out PortRange range)
    {
        string[] ends = text.Split('-', StringSplitOptions.TrimEntries);
        range = default;
        if (ends.Length != 2 || !Port.TryParse(ends[0], out int first) || !Port.TryParse(ends[1], out int last))
            return false;
        range = new PortRange(first, last);
        return first > 0 && first <= last;
    }

    private static bool TryHostPort(string text, out HostPort value)
    {
        int colon = text.LastIndexOf(':');
        value = default;
        if (colon < 1 || !Port.TryParse(text[(colon + 1)..], out int port) || port == 0)
            return false;
        string host = text[..colon];
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        value = new HostPort(host, port);
        return Uri.CheckHostName(bracketed ? host[1..^1] : host) != UriHostNameType.Unknown
            && (bracketed || !host.Contains(':', StringComparison.Ordinal));
    }

    private static bool TryDomain(string text, out string? domain)
    {
        domain =
            Uri.CheckHostName(text) == UriHostNameType.Dns && Jid.TryParse(text, out Jid? jid) && jid.IsDomain
                ? jid.Domain
                : null;
        return domain is not null;
    }
}
