using static Kith.Options.Kinds;

namespace Kith.Options;

/// <summary>
/// Every setting there is. What is not in this table stops the start; help and documentation are printed from it.
/// </summary>
internal static partial class SettingsTable
{
    // A table is read by rows.
    // csharpier-ignore
    public static IReadOnlyList<Setting> All { get; } =
    [
        Row("Domain", DomainOrNone, o => o.Domain, (o, v) => o with { Domain = v },
            "the XMPP domain. Empty: the set-up wizard answers on HTTP and nothing else is served"),

        Listen("Address", ListenAddress, l => l.Address, (l, v) => l with { Address = v },
            "IPv4 and IPv6; or one address"),
        Listen("Http", Port, l => l.Http, (l, v) => l with { Http = v },
            "ACME HTTP-01, redirect to HTTPS, the wizard before there is a certificate"),
        Listen("Https", Port, l => l.Https, (l, v) => l with { Https = v },
            "everything on one port: HTTPS, WebSocket, XMPP direct TLS, TURN over TLS"),
        Listen("Client", Port, l => l.Client, (l, v) => l with { Client = v }, "clients, with STARTTLS"),
        Listen("ClientTls", Port, l => l.ClientTls, (l, v) => l with { ClientTls = v }, "clients, with direct TLS"),
        Listen("Server", Port, l => l.Server, (l, v) => l with { Server = v }, "other servers, with STARTTLS"),
        Listen("ServerTls", Port, l => l.ServerTls, (l, v) => l with { ServerTls = v },
            "other servers, with direct TLS"),
        Listen("Relay", Port, l => l.Relay, (l, v) => l with { Relay = v }, "STUN and TURN on UDP and TCP"),
        Listen("RelayTls", Port, l => l.RelayTls, (l, v) => l with { RelayTls = v }, "STUN and TURN on TLS"),
        Listen("Component", Port, l => l.Component, (l, v) => l with { Component = v },
            "components beside Kith (XEP-0114), on loopback only"),
        Listen("RelayPorts", Kinds.PortRange, l => l.RelayPorts, (l, v) => l with { RelayPorts = v },
            "UDP relay addresses; a port in use is skipped"),
        Listen("TrustedProxies", List(Kinds.Network), l => l.TrustedProxies, (l, v) => l with { TrustedProxies = v },
            "whose X-Forwarded-For counts"),

        Row("Public:Url", UrlOrNone, o => o.Public.Url, (o, v) => o with { Public = new() { Url = v } },
            "base of every absolute URL; with the port when it is not 443. Empty: https://DOMAIN"),

        Home("Name", Text, h => h.Name, (h, v) => h with { Name = v }, "shown on pages and invites"),
        Home("Language", Language, h => h.Language, (h, v) => h with { Language = v }, "of pages and invites"),
        Home("TimeZone", Kinds.TimeZone, h => h.TimeZone, (h, v) => h with { TimeZone = v }, "of quiet hours"),

        Tls("Mode", Kinds.Tls, t => t.Mode, (t, v) => t with { Mode = v }, "where the certificate comes from"),
        Tls("Certificate", Kinds.Path, t => t.Certificate, (t, v) => t with { Certificate = v },
            "PEM file with the chain, re-read when it changes"),
        Tls("Key", Kinds.Path, t => t.Key, (t, v) => t with { Key = v },
            "PEM file, re-read when it changes. Empty: in the certificate's file"),
        Tls("Acme:Directory", Url, t => t.AcmeDirectory, (t, v) => t with { AcmeDirectory = v }, "ACME directory URL"),
        Tls("Acme:Email", Text, t => t.AcmeEmail, (t, v) => t with { AcmeEmail = v }, "contact for the ACME account"),
        Tls("Acme:RootCertificate", Kinds.Path, t => t.AcmeRootCertificate,
            (t, v) => t with { AcmeRootCertificate = v }, "extra root to trust for the directory (tests)"),

        Federation("Mode", Kinds.Federation, f => f.Mode, (f, v) => f with { Mode = v }, "which servers are talked to"),
        Federation("Domains", List(DomainRule), f => f.Domains, (f, v) => f with { Domains = v },
            "the allow-list or, in open, the deny-list prefixed with !"),
        Federation("Hosts", Map(Kinds.HostPort, "domain=host:port"), f => f.Hosts, (f, v) => f with { Hosts = v },
            "static routes, before DNS; they alone may lead to private addresses"),
        Federation("QueueSeconds", SecondsOfAMonth, f => f.QueueSeconds, (f, v) => f with { QueueSeconds = v },
            "how long a message waits for a known server that is down"),
        Federation("TrustedRoots", Kinds.Path, f => f.TrustedRoots, (f, v) => f with { TrustedRoots = v },
            "extra PEM roots for other servers' certificates"),
        Federation("AllowPrivateAddresses", Switch, f => f.AllowPrivateAddresses,
            (f, v) => f with { AllowPrivateAddresses = v }, "tests only: other servers on loopback and private ranges"),

        Row("Dns:Server", Resolver, o => o.Dns.Server, (o, v) => o with { Dns = o.Dns with { Server = v } },
            "resolver that is asked for every name. Empty: the system's"),
        Row("Dns:Validating", Switch, o => o.Dns.Validating, (o, v) => o with { Dns = o.Dns with { Validating = v } },
            "that resolver validates DNSSEC, over a safe network; one on loopback is taken to"),

        Row("Archive:Days", Days, o => o.Archive.Days, (o, v) => o with { Archive = new() { Days = v } },
            "how long messages are kept"),

        Uploads("MaxBytes", Bytes, u => u.MaxBytes, (u, v) => u with { MaxBytes = v }, "largest file"),
        Uploads("UserQuotaBytes", Bytes, u => u.UserQuotaBytes, (u, v) => u with { UserQuotaBytes = v },
            "all files of one account"),
        Uploads("Days", Days, u => u.Days, (u, v) => u with { Days = v }, "how long files are kept"),
        Uploads("DiskPercent", Percent, u => u.DiskPercent, (u, v) => u with { DiskPercent = v },
            "above it the oldest files go first"),

        Relay("ExternalAddress", Address, r => r.ExternalAddress, (r, v) => r with { ExternalAddress = v },
            "public address that the relay hands out. Empty: found out"),
        Relay("AllowPrivatePeers", Switch, r => r.AllowPrivatePeers, (r, v) => r with { AllowPrivatePeers = v },
            "tests only: peers on loopback and private ranges"),

        Row("Push:AllowPrivateAddresses", Switch, o => o.Push.AllowPrivateAddresses,
            (o, v) => o with { Push = new() { AllowPrivateAddresses = v } },
            "tests only: browsers' push services on loopback and private ranges"),

        Row("Contact:Addresses", List(ContactAddress), o => o.Contact.Addresses,
            (o, v) => o with { Contact = new() { Addresses = v } },
            "published as admin, abuse and support contact. Empty: the admins' addresses"),

        Limits("AuthenticateSeconds", Seconds, l => l.AuthenticateSeconds, (l, v) => l with { AuthenticateSeconds = v },
            "an unauthenticated stream lives no longer"),
        Limits("UnauthenticatedPerAddress", Count, l => l.UnauthenticatedPerAddress,
            (l, v) => l with { UnauthenticatedPerAddress = v }, "connections at once from one address before they sign in"),
        Limits("StanzaBytes", StanzaBytes, l => l.StanzaBytes, (l, v) => l with { StanzaBytes = v },
            "largest stanza of a client"),
        Limits("ServerStanzaBytes", StanzaBytes, l => l.ServerStanzaBytes, (l, v) => l with { ServerStanzaBytes = v },
            "largest stanza of another server"),
        Limits("UnauthenticatedStanzaBytes", StanzaBytes, l => l.UnauthenticatedStanzaBytes,
            (l, v) => l with { UnauthenticatedStanzaBytes = v }, "largest element before sign-in"),
        Limits("SignInFailures", CountOrOff, l => l.SignInFailures, (l, v) => l with { SignInFailures = v },
            "per account and address in ten minutes before answers slow down"),
        Limits("StanzasPerSecond", CountOrOff, l => l.StanzasPerSecond, (l, v) => l with { StanzasPerSecond = v },
            "sustained, per session, with a burst of five times that"),

        Sessions("ResumeSeconds", SecondsOrOff, s => s.ResumeSeconds, (s, v) => s with { ResumeSeconds = v },
            "how long a cut session can be resumed"),
        Sessions("PerAccount", Count, s => s.PerAccount, (s, v) => s with { PerAccount = v },
            "the oldest detached one goes first"),

        Row("Components", Map(Secret, "domain=secret"), o => o.Components, (o, v) => o with { Components = v },
            "domains of components and the secrets by which they prove themselves", isSecret: true),

        Row("Logging:Level", Kinds.LogLevel, o => o.Logging.Level, (o, v) => o with { Logging = new() { Level = v } },
            "the least important entries that are still logged"),
    ];
}
