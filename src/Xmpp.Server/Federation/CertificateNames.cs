using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Xmpp.Addresses;

namespace Xmpp.Server.Federation;

/// <summary>
/// For whom a certificate speaks, by its subjectAltName alone (RFC 6120 §13.7.1.2): <c>dNSName</c>, <c>SRVName</c>
/// (RFC 4985) and <c>id-on-xmppAddr</c>. The common name says nothing.
/// </summary>
public sealed record CertificateNames(
    IReadOnlyList<string> Hosts,
    IReadOnlyList<string> Services,
    IReadOnlyList<string> Addresses
)
{
    private const string SubjectAltName = "2.5.29.17";
    private const string XmppAddress = "1.3.6.1.5.5.7.8.5";
    private const string ServiceName = "1.3.6.1.5.5.7.8.7";
    private const string Service = "_xmpp-server.";
    private static readonly Asn1Tag _otherName = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag _dnsName = new(TagClass.ContextSpecific, 2);

    public static CertificateNames None { get; } = new([], [], []);

    public static CertificateNames Of(X509Certificate2 certificate)
    {
        foreach (X509Extension extension in certificate.Extensions)
            if (extension.Oid?.Value == SubjectAltName)
                return Parse(extension.RawData);
        return None;
    }

    /// <summary>Reads the extension's value; what is malformed names nobody.</summary>
    public static CertificateNames Parse(ReadOnlyMemory<byte> subjectAltName)
    {
        List<string> hosts = [];
        List<string> services = [];
        List<string> addresses = [];
        try
        {
            AsnReader names = new AsnReader(subjectAltName, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                Asn1Tag tag = names.PeekTag();
                if (tag.HasSameClassAndValue(_dnsName))
                    hosts.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, _dnsName));
                else if (tag.HasSameClassAndValue(_otherName))
                    ReadOther(names.ReadSequence(_otherName), services, addresses);
                else
                    names.ReadEncodedValue();
            }
        }
        catch (AsnContentException)
        {
            return None;
        }
        return new(hosts, services, addresses);
    }

    private static void ReadOther(AsnReader name, List<string> services, List<string> addresses)
    {
        string type = name.ReadObjectIdentifier();
        AsnReader value = name.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true));
        if (type == XmppAddress)
            addresses.Add(value.ReadCharacterString(UniversalTagNumber.UTF8String));
        else if (type == ServiceName)
            services.Add(value.ReadCharacterString(UniversalTagNumber.IA5String));
    }

    /// <summary>True when it speaks for the domain, which is prepared.</summary>
    public bool Cover(string domain)
    {
        if (!Idna.TryToAscii(domain, out string? ascii))
            return false;
        return Hosts.Any(host => IsHost(host, ascii))
            || Services.Any(service => IsService(service, ascii))
            || Addresses.Any(address => Jid.TryParse(address, out Jid? jid) && jid.IsDomain && jid.Domain == domain);
    }

    // RFC 6125 §6.4.3: a wildcard is the whole leftmost label, and stands for one.
    private static bool IsHost(string presented, string ascii)
    {
        if (presented.StartsWith("*.", StringComparison.Ordinal))
        {
            int dot = ascii.IndexOf('.', StringComparison.Ordinal);
            return dot > 0 && IsSame(presented.AsSpan(1), ascii.AsSpan(dot));
        }
        return IsSame(presented, ascii);
    }

    private static bool IsService(string presented, string ascii) =>
        presented.StartsWith(Service, StringComparison.OrdinalIgnoreCase)
        && IsSame(presented.AsSpan(Service.Length), ascii);

    private static bool IsSame(ReadOnlySpan<char> presented, ReadOnlySpan<char> ascii) =>
        presented.Equals(ascii, StringComparison.OrdinalIgnoreCase);

    /// <summary>The names, for the log.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().AppendJoin(", ", Hosts.Concat(Services).Concat(Addresses).Take(10));
        return text.Length == 0 ? "no name" : text.ToString();
    }
}
