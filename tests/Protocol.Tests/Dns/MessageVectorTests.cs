using System.Globalization;
using System.Net;
using Dns;
using Dns.Protocol;
using Shouldly;
using Xunit;

namespace Protocol.Tests.Dns;

/// <summary>Messages byte by byte (RFC 1035 §4), as they are read and, the same bytes, written.</summary>
public sealed class MessageVectorTests
{
    private const string Question = """
        D0 0D 81 A0                         id; response, recursion desired and available, authentic data
        00 01  00 02  00 00  00 01          one question, two answers, one additional
        03 77 77 77  04 68 6F 6D 65  04 74 65 73 74  00   www.home.test
        00 01  00 01                        A, IN
        """;

    private const string Answers = """
        C0 0C  00 05  00 01  00 00 0E 10    the name at 12: CNAME, IN, 3600 s
        00 06  03 62 6F 78  C0 10           6 bytes: box, then home.test at 16
        C0 2B  00 01  00 01  00 00 00 3C    the name at 43: A, IN, 60 s
        00 04  C0 00 02 07                  192.0.2.7
        """;

    private const string Edns = """
        00  00 29  04 D0                    the root: OPT, 1232 bytes
        00 00 80 00                         no extended code, version 0, DO
        00 06  00 0A 00 02 AB CD            6 bytes: option 10, 2 bytes
        """;

    internal static byte[] Hex(string annotated) =>
        [
            .. annotated
                .Split('\n')
                .SelectMany(line =>
                    line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                        .TakeWhile(word => word.Length == 2 && word.All(char.IsAsciiHexDigitUpper))
                )
                .Select(word => byte.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
        ];

    private static DomainName Name(string name) => DomainName.Parse(name);

    private static Message Read(byte[] bytes)
    {
        MessageReader.TryRead(bytes, out Message? message, out string? fault).ShouldBeTrue(fault);
        return message!;
    }

    private static string Fault(string hex)
    {
        MessageReader.TryRead(Hex(hex), out _, out string? fault).ShouldBeFalse();
        return fault!;
    }

    [Fact]
    public void An_answer_with_compression_an_alias_and_EDNS_is_read_and_written_to_the_same_bytes()
    {
        byte[] bytes = Hex(Question + "\n" + Answers + "\n" + Edns);

        Message message = Read(bytes);

        message.Id.ShouldBe((ushort)0xD00D);
        message.Flags.ShouldBe(
            MessageFlags.Response
                | MessageFlags.RecursionDesired
                | MessageFlags.RecursionAvailable
                | MessageFlags.AuthenticData
        );
        message.Questions.ShouldHaveSingleItem().ShouldBe(new Question(Name("www.home.test"), RecordType.A));
        message.Answers[0].Data.ShouldBe(new NameData(Name("box.home.test")));
        message.Answers[1].Name.ShouldBe(Name("BOX.home.test"));
        message.Answers[1].TimeToLive.ShouldBe(60u);
        message.Answers[1].Data.ShouldBe(new AddressData(IPAddress.Parse("192.0.2.7")));
        message.Additional.ShouldBeEmpty();
        message.Edns.ShouldNotBeNull().PayloadSize.ShouldBe((ushort)1232);
        message.Edns.DnssecOk.ShouldBeTrue();
        message.Edns.Options.ShouldHaveSingleItem().Value.ToArray().ShouldBe(Hex("AB CD"));
        ScriptedServer.Bytes(message).ShouldBe(bytes);
    }

    [Theory]
    [InlineData("00 21", "00 0A 00 14 14 66 03 62 6F 78 00", "SRV: the target is not compressed (RFC 2782)")]
    [InlineData("00 34", "03 01 01 AA BB CC", "TLSA (RFC 6698 §2.1)")]
    [InlineData("00 10", "02 68 69 00 01 21", "TXT of three strings, one of them empty")]
    [InlineData("00 1C", "20 01 0D B8 00 00 00 00 00 00 00 00 00 00 00 01", "AAAA (RFC 3596)")]
    [InlineData("00 0F", "00 05 02 6D 78 C0 0C", "MX")]
    [InlineData("00 0C", "C0 0C", "PTR to the question's name")]
    [InlineData("00 06", "C0 0C 00 00 00 00 01 00 00 00 02 00 00 00 03 00 00 00 04 00 00 00 05", "SOA")]
    [InlineData("FE DC", "01 02 03", "unknown (RFC 3597)")]
    [InlineData("00 0A", "", "unknown without data")]
    public void Records_are_read_and_written_to_the_same_bytes(string type, string data, string what)
    {
        byte[] content = Hex(data);
        byte[] bytes =
        [
            .. Hex("00 01 84 00 00 01 00 01 00 00 00 00"),
            .. Hex("04 68 6F 6D 65 00 00 FF 00 01"),
            .. Hex($"C0 0C {type} 00 01 00 00 00 0A"),
            0,
            (byte)content.Length,
            .. content,
        ];

        ScriptedServer.Bytes(Read(bytes)).ShouldBe(bytes, what);
    }

    [Fact]
    public void An_update_names_types_without_data() // RFC 2136 §2.4.1, §2.5.2
    {
        byte[] bytes = Hex(
            """
            00 01 28 00  00 01 00 01 00 01 00 00   an update
            04 68 6F 6D 65 00  00 06 00 01          the zone
            C0 0C  00 01  00 FF  00 00 00 00  00 00 A, ANY: it is there
            C0 0C  00 1C  00 FF  00 00 00 00  00 00 AAAA, ANY: away with it
            """
        );

        Message update = Read(bytes);

        update.Opcode.ShouldBe(Opcode.Update);
        update.Authorities.ShouldHaveSingleItem().Class.ShouldBe(RecordClass.Any);
        ScriptedServer.Bytes(update).ShouldBe(bytes);
    }

    [Theory]
    [InlineData("C0 0C", "to itself")]
    [InlineData("C0 0E", "forward")]
    [InlineData("C0 04", "into the header")]
    [InlineData("01 61 C0 0C", "back to its own beginning")]
    [InlineData("C0", "cut in the middle")]
    [InlineData("40", "01 in the first bits")]
    [InlineData("04 61 62", "a label that is cut")]
    [InlineData("01 61", "without an end")]
    public void A_name_that_leads_nowhere_is_refused(string name, string what) =>
        Fault("00 01 00 00 00 01 00 00 00 00 00 00 " + name).ShouldBe("the question cannot be read", what);

    [Fact]
    public void Pointers_in_a_circle_are_refused() =>
        Fault(
                """
                00 01 00 00 00 01 00 01 00 00 00 00
                01 61 00  00 01 00 01
                C0 15  00 01 00 01 00 00 00 00 00 02  C0 13   to 21, and there back to 19
                """
            )
            .ShouldBe("the record at byte 19 cannot be read");

    [Theory]
    [InlineData("00 01 00 05 00 00 00 00 00 00", "a name's data that ends before the name")]
    [InlineData("00 01 00 01 00 00 00 00 00 05 01 02 03 04 05", "five bytes of IPv4")]
    [InlineData("00 10 00 01 00 00 00 00 00 00", "TXT without a string")]
    [InlineData("00 10 00 01 00 00 00 00 00 02 05 61", "a string that ends behind its record")]
    [InlineData("00 34 00 01 00 00 00 00 00 03 03 01 01", "TLSA without a hash")]
    [InlineData("00 05 00 01 00 00 00 00 00 02 00 00", "bytes behind a name")]
    [InlineData("00 01 00 01 00 00 00 00 00 04 01 02 03", "data that ends behind the message")]
    public void Data_that_its_type_does_not_have_is_refused(string record, string what) =>
        Fault("00 01 80 00 00 00 00 01 00 00 00 00 00 " + record)
            .ShouldBe("the record at byte 12 cannot be read", what);

    [Theory]
    [InlineData(
        "00 01 80 00 00 00 00 00 00 00 00 02",
        "00 00 29 04 D0 00 00 00 00 00 00 00 00 29 04 D0 00 00 00 00 00 00"
    )]
    [InlineData("00 01 80 00 00 00 00 01 00 00 00 00", "00 00 29 04 D0 00 00 00 00 00 00")]
    [InlineData("00 01 80 00 00 00 00 00 00 00 00 01", "01 61 00 00 29 04 D0 00 00 00 00 00 00")]
    [InlineData("00 01 80 00 00 00 00 00 00 00 00 01", "00 00 29 04 D0 00 00 00 00 00 03 00 0A 00")]
    public void EDNS_twice_in_a_wrong_place_with_a_name_or_cut_is_refused(string header, string record) =>
        Fault(header + " " + record).ShouldStartWith("its OPT record");

    [Fact]
    public void The_extended_code_needs_both_its_halves()
    {
        Message message = Read(Hex("00 01 80 00 00 00 00 00 00 00 00 01 00 00 29 04 D0 01 00 00 00 00 00"));

        message.Code.ShouldBe(ResponseCode.BadVersion);
    }

    [Fact]
    public void What_was_cut_off_and_says_so_is_left_out()
    {
        byte[] bytes = Hex(Question + "\n" + Answers);
        bytes[2] |= 0x02;

        Read(bytes[..^3]).Answers.ShouldHaveSingleItem().Type.ShouldBe(RecordType.CNAME);
    }

    [Fact]
    public void A_message_that_does_not_fit_is_not_written()
    {
        Message message = Read(Hex(Question + "\n" + Answers + "\n" + Edns));
        int length = ScriptedServer.Bytes(message).Length;
        for (int room = 0; room < length; room++)
            MessageWriter.TryWrite(message, new byte[room], out _).ShouldBeFalse();
        MessageWriter.TryWrite(message, new byte[length], out _).ShouldBeTrue();
    }
}
