using System.Buffers.Binary;
using System.Text;

namespace Kith.Listeners.OnePort;

/// <summary>What a client can speak within TLS (ALPN, RFC 7301), as far as anything here can.</summary>
[Flags]
internal enum Protocols
{
    None = 0,

    /// <summary><c>acme-tls/1</c> (RFC 8737).</summary>
    Challenge = 1,

    /// <summary><c>xmpp-client</c> (XEP-0368).</summary>
    Client = 2,

    /// <summary><c>xmpp-server</c> (XEP-0368).</summary>
    Server = 4,

    /// <summary><c>stun.turn</c> (RFC 7443).</summary>
    Relay = 8,

    /// <summary><c>h2</c> and <c>http/1.1</c> (RFC 7301 §6, RFC 9113 §3.2).</summary>
    Http2 = 16,
    Http11 = 32,

    /// <summary>Something else.</summary>
    Other = 64,
}

/// <summary>How far the beginning of a connection has been understood.</summary>
internal enum HelloStatus
{
    /// <summary>There must be more to come.</summary>
    Incomplete,
    Whole,

    /// <summary>It does not begin as TLS does.</summary>
    NotTls,

    /// <summary>It begins as TLS does and goes on otherwise.</summary>
    Malformed,
}

/// <summary>The first message of TLS (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2), as far as it decides where a connection goes.</summary>
/// <param name="ServerName">SNI (RFC 6066 §3); null when there is none.</param>
/// <param name="Offered"><see cref="Protocols.None"/> when there is no ALPN.</param>
internal readonly record struct ClientHello(string? ServerName, Protocols Offered)
{
    /// <summary>More than any client sends; a record holds 2^14 bytes, and a message may be spread over several.</summary>
    public const int Longest = 32 << 10;

    private const int RecordHeader = 5;
    private const byte HandshakeRecord = 22;
    private const int LongestRecord = 1 << 14;

    /// <summary>Reads what has arrived so far, and may be asked again when more has.</summary>
    public static HelloStatus TryRead(ReadOnlySpan<byte> arrived, out ClientHello hello)
    {
        hello = default;
        HelloStatus status = Gather(arrived, out ReadOnlySpan<byte> message);
        if (status != HelloStatus.Whole)
            return status;
        var body = new Fields(message[4..]);
        // Version, random, session, cipher suites, compression methods.
        bool begins =
            body.Skip(2 + 32) && body.TryVector(1, out _) && body.TryVector(2, out _) && body.TryVector(1, out _);
        if (!begins)
            return HelloStatus.Malformed;
        return
            body.IsEmpty || (body.TryVector(2, out Fields extensions) && body.IsEmpty && TryRead(extensions, out hello))
            ? HelloStatus.Whole
            : HelloStatus.Malformed;
    }

    // The handshake message with its header, out of one record, or of several (RFC 8446 §5.1).
    private static HelloStatus Gather(ReadOnlySpan<byte> arrived, out ReadOnlySpan<byte> message)
    {
        message = default;
        byte[]? joined = null;
        int length = 0;
        for (ReadOnlySpan<byte> rest = arrived; ; )
        {
            if (rest.Length < RecordHeader)
                return Began(rest, joined is null);
            int size = BinaryPrimitives.ReadUInt16BigEndian(rest[3..]);
            if (rest[0] != HandshakeRecord || rest[1] != 3)
                return joined is null ? HelloStatus.NotTls : HelloStatus.Malformed;
            if (size is 0 or > LongestRecord)
                return HelloStatus.Malformed;
            ReadOnlySpan<byte> fragment = rest.Slice(RecordHeader, Math.Min(size, rest.Length - RecordHeader));
            if (joined is null && Measure(fragment) is { } whole)
            {
                if (whole is < 0 or > Longest)
                    return HelloStatus.Malformed;
                if (fragment.Length >= whole)
                {
                    message = fragment[..whole];
                    return HelloStatus.Whole;
                }
            }

            if (fragment.Length < size)
                return HelloStatus.Incomplete;
            joined ??= new byte[Math.Min(arrived.Length, Longest + RecordHeader)];
            if (length + fragment.Length > joined.Length)
                return HelloStatus.Malformed;
            fragment.CopyTo(joined.AsSpan(length));
            length += fragment.Length;
            rest = rest[(RecordHeader + size)..];
            if (Measure(joined.AsSpan(0, length)) is not { } all)
                continue;
            if (all is < 0 or > Longest)
                return HelloStatus.Malformed;
            if (length < all)
                continue;
            message = joined.AsSpan(0, all);
            return HelloStatus.Whole;
        }
    }

    private static HelloStatus Began(ReadOnlySpan<byte> rest, bool first)
    {
        bool other = (rest.Length > 0 && rest[0] != HandshakeRecord) || (rest.Length > 1 && rest[1] != 3);
        if (!other)
            return HelloStatus.Incomplete;
        return first ? HelloStatus.NotTls : HelloStatus.Malformed;
    }

    // The whole message's length; null when its header is not all there, negative when it is another message.
    private static int? Measure(ReadOnlySpan<byte> message)
    {
        if (message.Length > 0 && message[0] != 1)
            return -1;
        return message.Length < 4 ? null : 4 + ((message[1] << 16) | (message[2] << 8) | message[3]);
    }

    private static bool TryRead(Fields extensions, out ClientHello hello)
    {
        hello = default;
        while (!extensions.IsEmpty)
        {
            if (!extensions.TryUInt16(out int type) || !extensions.TryVector(2, out Fields data))
                return false;
            if (type == 0)
            {
                if (!TryName(data, out string? name))
                    return false;
                hello = hello with { ServerName = name };
            }
            else if (type == 16)
            {
                if (!TryProtocols(data, out Protocols offered))
                    return false;
                hello = hello with { Offered = offered };
            }
        }

        return true;
    }

    private static bool TryName(Fields data, out string? name)
    {
        name = null;
        if (!data.TryVector(2, out Fields list) || !data.IsEmpty)
            return false;
        while (!list.IsEmpty)
        {
            if (!list.TryByte(out int type) || !list.TryVector(2, out Fields entry))
                return false;
            if (type == 0)
                name = Encoding.ASCII.GetString(entry.Rest);
        }

        return true;
    }

    private static bool TryProtocols(Fields data, out Protocols offered)
    {
        offered = Protocols.None;
        if (!data.TryVector(2, out Fields list) || !data.IsEmpty || list.IsEmpty)
            return false;
        while (!list.IsEmpty)
        {
            if (!list.TryVector(1, out Fields protocol) || protocol.IsEmpty)
                return false;
            offered |= Known(protocol.Rest);
        }

        return true;
    }

    private static Protocols Known(ReadOnlySpan<byte> protocol)
    {
        if (protocol.SequenceEqual("h2"u8))
            return Protocols.Http2;
        if (protocol.SequenceEqual("http/1.1"u8))
            return Protocols.Http11;
        if (protocol.SequenceEqual("xmpp-client"u8))
            return Protocols.Client;
        if (protocol.SequenceEqual("xmpp-server"u8))
            return Protocols.Server;
        if (protocol.SequenceEqual("stun.turn"u8))
            return Protocols.Relay;
        return protocol.SequenceEqual("acme-tls/1"u8) ? Protocols.Challenge : Protocols.Other;
    }

    /// <summary>A walk over numbers and vectors (RFC 8446 §3.4).</summary>
    private ref struct Fields(ReadOnlySpan<byte> bytes)
    {
        public ReadOnlySpan<byte> Rest { get; private set; } = bytes;
        public readonly bool IsEmpty => Rest.IsEmpty;

        public bool Skip(int count)
        {
            if (Rest.Length < count)
                return false;
            Rest = Rest[count..];
            return true;
        }

        public bool TryByte(out int value)
        {
            value = IsEmpty ? 0 : Rest[0];
            return Skip(1);
        }

        public bool TryUInt16(out int value)
        {
            value = Rest.Length < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(Rest);
            return Skip(2);
        }

        /// <param name="width">How many bytes the length has: 1 or 2.</param>
        public bool TryVector(int width, out Fields content)
        {
            content = default;
            bool told = width == 1 ? TryByte(out int length) : TryUInt16(out length);
            if (!told || Rest.Length < length)
                return false;
            content = new Fields(Rest[..length]);
            return Skip(length);
        }
    }
}
