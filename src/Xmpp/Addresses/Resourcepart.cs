using System.Diagnostics.CodeAnalysis;
using System.Text;
using Xmpp.Addresses.Precis;

namespace Xmpp.Addresses;

/// <summary>
/// What stands after the first <c>/</c>: OpaqueString, 1 to 1023 bytes (RFC 7622 §3.4). It may start with a space;
/// the RFC's example that says otherwise is an error in it (erratum 4560).
/// </summary>
internal static class Resourcepart
{
    internal static bool TryPrepare(string raw, [NotNullWhen(true)] out string? prepared) =>
        OpaqueString.TryPrepare(raw, out prepared) && Encoding.UTF8.GetByteCount(prepared) <= Jid.MaxPartBytes;
}
