using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Dns.Protocol;

/// <summary>
/// Names with compression (RFC 1035 §4.1.4). A pointer leads to before all that was read of the name, so that no loop can be,
/// nor a name that runs on for long.
/// </summary>
internal static class NameReader
{
    private const int HeaderLength = 12;

    /// <param name="message">The whole message, or the end of what may be read.</param>
    /// <param name="at">Where the name begins; behind it, when it could be read.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int at, [NotNullWhen(true)] out DomainName? name)
    {
        name = null;
        Span<byte> wire = stackalloc byte[DomainName.Longest];
        int length = 0;
        int end = -1;
        int bound = at;
        for (int from = at; from < message.Length; )
        {
            int label = message[from];
            if (label >= 0xC0)
            {
                if (from + 2 > message.Length)
                    return false;
                int to = BinaryPrimitives.ReadUInt16BigEndian(message[from..]) & 0x3FFF;
                if (to >= bound || to < HeaderLength)
                    return false;
                end = end < 0 ? from + 2 : end;
                (from, bound) = (to, to);
                continue;
            }

            // 01 and 10 in the first bits mean nothing (RFC 6891 §5).
            int whole = label + 1;
            if (label > DomainName.LongestLabel || from + whole > message.Length || length + whole > wire.Length)
                return false;
            message.Slice(from, whole).CopyTo(wire[length..]);
            length += whole;
            from += whole;
            if (label != 0)
                continue;
            at = end < 0 ? from : end;
            name = DomainName.FromWire(wire[..length]);
            return true;
        }

        return false;
    }
}
