using System.Net;
using System.Text;
using Shouldly;
using Turn.Protocol;
using Xunit;

namespace Protocol.Tests.Turn;

/// <summary>The messages of RFC 5769 §2 and RFC 8489 Appendix B, byte by byte.</summary>
public class StunVectorTests
{
    private const string Password = "VOkJxbRl1RmTxUk/WvJxBt";
    private const string Matrix = "マトリックス";

    // RFC 5769 §2.1: padded with spaces, which a server must not mind.
    private static readonly byte[] _request = Hex(
        """
        00 01 00 58 21 12 a4 42  b7 e7 a7 01 bc 34 d6 86 fa 87 df ae   header
        80 22 00 10 53 54 55 4e  20 74 65 73 74 20 63 6c 69 65 6e 74   SOFTWARE
        00 24 00 04 6e 00 01 ff                                        PRIORITY
        80 29 00 08 93 2f f9 b1  51 26 3b 36                           ICE-CONTROLLED
        00 06 00 09 65 76 74 6a  3a 68 36 76 59 20 20 20               USERNAME
        00 08 00 14 9a ea a7 0c  bf d8 cb 56 78 1e f2 b5 b2 d3 f2 49 c1 b5 71 a2
        80 28 00 04 e5 7a 3b cf                                        FINGERPRINT
        """
    );

    // §2.2.
    private static readonly byte[] _responseV4 = Hex(
        """
        01 01 00 3c 21 12 a4 42  b7 e7 a7 01 bc 34 d6 86 fa 87 df ae   header
        80 22 00 0b 74 65 73 74  20 76 65 63 74 6f 72 20               SOFTWARE
        00 20 00 08 00 01 a1 47  e1 12 a6 43                           XOR-MAPPED-ADDRESS
        00 08 00 14 2b 91 f5 99  fd 9e 90 c3 8c 74 89 f9 2a f9 ba 53 f0 6b e7 d7
        80 28 00 04 c0 7d 4c 96                                        FINGERPRINT
        """
    );

    // §2.3.
    private static readonly byte[] _responseV6 = Hex(
        """
        01 01 00 48 21 12 a4 42  b7 e7 a7 01 bc 34 d6 86 fa 87 df ae   header
        80 22 00 0b 74 65 73 74  20 76 65 63 74 6f 72 20               SOFTWARE
        00 20 00 14 00 02 a1 47  01 13 a9 fa a5 d3 f1 79 bc 25 f4 b5 be d2 b9 d9
        00 08 00 14 a3 82 95 4e  4b e6 7b f1 17 84 c9 7c 82 92 c2 75 bf e3 ed 41
        80 28 00 04 c8 fb 0b 4c                                        FINGERPRINT
        """
    );

    // §2.4.
    private static readonly byte[] _longTerm = Hex(
        """
        00 01 00 60 21 12 a4 42  78 ad 34 33 c6 ad 72 c0 29 da 41 2e   header
        00 06 00 12 e3 83 9e e3  83 88 e3 83 aa e3 83 83 e3 82 af e3 82 b9 00 00
        00 15 00 1c 66 2f 2f 34  39 39 6b 39 35 34 64 36 4f 4c 33 34 6f 4c 39 46 53 54 76 79 36 34 73 41
        00 14 00 0b 65 78 61 6d  70 6c 65 2e 6f 72 67 00               REALM
        00 08 00 14 f6 70 24 65  6d d6 4a 3e 02 b8 e0 71 2e 85 c9 a2 8c a8 96 66
        """
    );

    // RFC 8489 §B.1, with the HMAC of its errata; it names no algorithm, so that the key is made with MD5.
    private static readonly byte[] _sha256 = Hex(
        """
        00 01 00 88 21 12 a4 42  78 ad 34 33 c6 ad 72 c0 29 da 41 2e   header
        00 1e 00 20 4a 3c f3 8f  ef 69 92 bd a9 52 c6 78 04 17 da 0f 24 81 94 15 56 9e 60 b2 05 c4 6e 41 40 7f 17 04
        00 15 00 29 6f 62 4d 61  74 4a 6f 73 32 41 41 41 43 66 2f 2f 34 39 39 6b 39 35 34 64 36 4f 4c 33 34 6f 4c 39
        46 53 54 76 79 36 34 73  41 00 00 00
        00 14 00 0b 65 78 61 6d  70 6c 65 2e 6f 72 67 00               REALM
        00 1c 00 20 fd 8c 27 38  60 d2 e1 8e bc a4 c8 9b 69 73 be fa 7e e8 ec c6 9e 96 42 db 32 6f ab 65 a0 b9 55 ba
        """
    );

    [Fact]
    public void The_request_is_read_and_its_sums_are_right()
    {
        StunMessage message = Read(_request);
        (message.Class, message.Method).ShouldBe((StunClass.Request, StunMethod.Binding));
        message.TryGet(StunAttribute.Username, out ReadOnlySpan<byte> username).ShouldBeTrue();
        Encoding.UTF8.GetString(username).ShouldBe("evtj:h6vY");
        Integrity.Verify(message, Encoding.ASCII.GetBytes(Password), out bool sha256).ShouldBeTrue();
        sha256.ShouldBeFalse();
        message.HasNoFalseFingerprint().ShouldBeTrue();
    }

    [Theory]
    [InlineData(false, "192.0.2.1")]
    [InlineData(true, "2001:db8:1234:5678:11:2233:4455:6677")]
    public void The_responses_name_their_address_and_are_written_alike(bool v6, string address)
    {
        byte[] vector = v6 ? _responseV6 : _responseV4;
        StunMessage message = Read(vector);
        message.TryGet(StunAttribute.XorMappedAddress, out ReadOnlySpan<byte> value).ShouldBeTrue();
        XorAddress.TryRead(value, message.TransactionId, out TransportAddress mapped).ShouldBeTrue();
        mapped.ToEndPoint().ShouldBe(new IPEndPoint(IPAddress.Parse(address), 32853));
        Integrity.Verify(message, Encoding.ASCII.GetBytes(Password), out _).ShouldBeTrue();
        message.HasNoFalseFingerprint().ShouldBeTrue();

        // Without the vector's padding of a space, which makes its sums others.
        var writer = new StunWriter(new byte[512], StunMethod.Binding, StunClass.Success, message.TransactionId);
        writer.Address(StunAttribute.XorMappedAddress, mapped);
        writer.Written[Stun.HeaderLength..].ToArray().ShouldBe(vector.AsSpan(36, writer.Length - 20).ToArray());
    }

    [Fact]
    public void The_long_term_request_is_written_byte_for_byte()
    {
        byte[] key = Integrity.Key(Matrix, "example.org", "TheMatrIX", PasswordAlgorithm.Md5);
        var writer = new StunWriter(
            new byte[512],
            StunMethod.Binding,
            StunClass.Request,
            Read(_longTerm).TransactionId
        );
        writer.Bytes(StunAttribute.Username, Encoding.UTF8.GetBytes(Matrix));
        writer.Bytes(StunAttribute.Nonce, "f//499k954d6OL34oL9FSTvy64sA"u8);
        writer.Bytes(StunAttribute.Realm, "example.org"u8);
        writer.Integrity(key, sha256: false);
        writer.Written.ToArray().ShouldBe(_longTerm);
        Integrity.Verify(Read(_longTerm), key, out _).ShouldBeTrue();
    }

    [Fact]
    public void The_longer_HMAC_is_right_and_any_change_of_it_is_not()
    {
        byte[] key = Integrity.Key(Matrix, "example.org", "TheMatrIX", PasswordAlgorithm.Md5);
        Integrity.Verify(Read(_sha256), key, out bool sha256).ShouldBeTrue();
        sha256.ShouldBeTrue();
        for (int i = Stun.HeaderLength; i < _sha256.Length; i++)
        {
            byte[] changed = [.. _sha256];
            changed[i] ^= 1;
            bool accepted =
                StunMessage.TryRead(changed, out StunMessage message) && Integrity.Verify(message, key, out _);
            accepted.ShouldBeFalse($"byte {i}");
        }
    }

    // A server that saw more in a message than was signed would be told things by whoever is between.
    [Fact]
    public void What_stands_behind_the_integrity_does_not_count()
    {
        byte[] longer = [.. _longTerm, 0, 0x0D, 0, 4, 0, 0, 0, 1];
        longer[3] += 8;
        Read(longer).Has(StunAttribute.Lifetime).ShouldBeFalse();
    }

    private static StunMessage Read(byte[] bytes)
    {
        StunMessage.TryRead(bytes, out StunMessage message).ShouldBeTrue();
        return message;
    }

    private static byte[] Hex(string text)
    {
        IEnumerable<string> words = text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return [.. words.Where(word => word.Length == 2).Select(word => Convert.ToByte(word, 16))];
    }
}
