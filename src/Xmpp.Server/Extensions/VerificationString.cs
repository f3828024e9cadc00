using System.Security.Cryptography;
using System.Text;

namespace Xmpp.Server.Extensions;

/// <summary>The hash that stands for an entity's capabilities (XEP-0115 §5.1).</summary>
internal static class VerificationString
{
    /// <summary>Base64 of SHA-1, the one hash that all must know.</summary>
    public static string Of(DiscoInfo info)
    {
        var text = new StringBuilder();
        IEnumerable<string> identities = info.Identities.Select(identity =>
            $"{identity.Category}/{identity.Type}/{identity.Language}/{identity.Name}"
        );
        Append(text, identities);
        Append(text, info.Features);
        foreach (DiscoForm form in info.Forms.OrderBy(form => form.Type, Octets.Order))
        {
            text.Append(form.Type).Append('<');
            foreach (var (name, values) in form.Fields.OrderBy(field => field.Key, Octets.Order))
            {
                text.Append(name).Append('<');
                Append(text, values);
            }
        }
#pragma warning disable CA5350 // The specification has no other hash that everybody knows; it protects nothing secret.
        return Convert.ToBase64String(SHA1.HashData(Encoding.UTF8.GetBytes(text.ToString())));
#pragma warning restore CA5350
    }

    private static void Append(StringBuilder text, IEnumerable<string> values)
    {
        foreach (string value in values.Order(Octets.Order))
            text.Append(value).Append('<');
    }

    /// <summary>i;octet (RFC 4790 §9.3): by UTF-8 bytes, which UTF-16's own order is not beyond the BMP.</summary>
    private sealed class Octets : IComparer<string>
    {
        public static readonly Octets Order = new();

        public int Compare(string? x, string? y) =>
            Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y ?? ""));
    }
}
