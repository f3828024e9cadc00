using System.Net;
using Dns;
using Dns.Protocol;
using Shouldly;
using Xunit;
using Record = Dns.Record;

namespace Protocol.Tests.Dns;

/// <summary>Random messages there and back, and damaged ones: read or refused, never thrown at. <c>KITH_LONG=1</c> runs a million.</summary>
public sealed class MessageMutationTests
{
    private const int FirstSeed = 20_260_201;
    private static readonly bool _long = Environment.GetEnvironmentVariable("KITH_LONG") == "1";
    private static readonly string[] _labels = ["a", "home", "test", "_tcp", "Box", "xn--bcher-kva", "\\000\\255", "o"];

    [Fact]
    public void A_message_is_read_as_it_was_written()
    {
        for (int seed = FirstSeed; seed < FirstSeed + (_long ? 200_000 : 5_000); seed++)
        {
            byte[] bytes = ScriptedServer.Bytes(Make(new Random(seed)));
            MessageReader.TryRead(bytes, out Message? read, out string? fault).ShouldBeTrue($"seed {seed}: {fault}");
            ScriptedServer.Bytes(read!).ShouldBe(bytes, $"seed {seed}");
        }
    }

    // What is read can be written, and reads the same then.
    [Fact]
    public void Damaged_messages_are_refused_or_make_sense()
    {
        byte[] room = new byte[1 << 21];
        int read = 0;
        for (int seed = FirstSeed; seed < FirstSeed + (_long ? 1_000_000 : 50_000); seed++)
        {
            var random = new Random(seed);
            byte[] bytes = Damage(ScriptedServer.Bytes(Make(random)), random);
            try
            {
                MessageReader.TryReadQuestion(bytes, out _, out _);
                if (!MessageReader.TryRead(bytes, out Message? message, out string? fault))
                {
                    fault.ShouldNotBeNullOrEmpty();
                    continue;
                }

                read++;
                MessageWriter.TryWrite(message, room, out int length).ShouldBeTrue();
                MessageReader.TryRead(room.AsSpan(0, length), out Message? again, out fault).ShouldBeTrue(fault);
                Describe(again!).ShouldBe(Describe(message));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {Convert.ToHexString(bytes)}", failure);
            }
        }

        read.ShouldBeGreaterThan(1000);
    }

    private static string Describe(Message message) =>
        string.Join(
            '\n',
            [
                $"{message.Id} {message.Opcode} {message.Flags} {message.Code} {message.Edns?.PayloadSize}",
                .. message.Questions.Select(question => question.ToString()),
                .. new[] { message.Answers, message.Authorities, message.Additional }.SelectMany(
                    (section, at) => section.Select(record => $"{at} {record} {Bytes(record.Data)}")
                ),
            ]
        );

    private static string Bytes(RecordData data) =>
        data switch
        {
            OpaqueData opaque => Convert.ToHexString(opaque.Bytes.Span),
            TlsaData tlsa => Convert.ToHexString(tlsa.Association.Span),
            TextData text => string.Join(' ', text.Strings.Select(each => Convert.ToHexString(each.Span))),
            _ => "",
        };

    private static Message Make(Random random) =>
        new()
        {
            Id = (ushort)random.Next(65536),
            Opcode = random.Next(8) == 0 ? Opcode.Update : Opcode.Query,
            Flags = (MessageFlags)(random.Next(65536) & 0x87F0 & ~(int)MessageFlags.Truncated),
            Code = (ResponseCode)random.Next(11),
            Questions = [.. Several(random, 2).Select(_ => new Question(Name(random), (RecordType)random.Next(60)))],
            Answers = [.. Several(random, 5).Select(_ => Record(random))],
            Authorities = [.. Several(random, 3).Select(_ => Record(random))],
            Additional = [.. Several(random, 3).Select(_ => Record(random))],
            Edns =
                random.Next(2) == 0
                    ? null
                    : new Edns((ushort)random.Next(65536), random.Next(2) == 0)
                    {
                        Options =
                        [
                            .. Several(random, 2).Select(_ => new EdnsOption((ushort)random.Next(20), Some(random))),
                        ],
                    },
        };

    private static IEnumerable<int> Several(Random random, int most) => Enumerable.Range(0, random.Next(most + 1));

    private static byte[] Some(Random random)
    {
        byte[] bytes = new byte[random.Next(20)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static DomainName Name(Random random)
    {
        int labels = random.Next(5);
        return labels == 0
            ? DomainName.Root
            : DomainName.Parse(string.Join('.', Enumerable.Range(0, labels).Select(_ => _labels[random.Next(8)])));
    }

    private static Record Record(Random random)
    {
        byte[] address = new byte[16];
        random.NextBytes(address);
        (RecordType type, RecordData data) = random.Next(10) switch
        {
            0 => (RecordType.A, (RecordData)new AddressData(new IPAddress(address.AsSpan(0, 4)))),
            1 => (RecordType.AAAA, new AddressData(new IPAddress(address))),
            2 => (RecordType.CNAME, new NameData(Name(random))),
            3 => (RecordType.PTR, new NameData(Name(random))),
            4 => (RecordType.MX, new MailData((ushort)random.Next(100), Name(random))),
            5 => (RecordType.SRV, new ServiceData(1, 2, (ushort)random.Next(65536), Name(random))),
            6 => (RecordType.TXT, new TextData([Some(random), Some(random)])),
            7 => (RecordType.TLSA, new TlsaData(3, 1, 1, address)),
            8 => (RecordType.SOA, new AuthorityData(Name(random), Name(random), 1, 2, 3, 4, (uint)random.Next())),
            _ => ((RecordType)0xFE01, new OpaqueData(Some(random))),
        };
        return new Record(Name(random), type, RecordClass.Internet, (uint)random.Next(), data);
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        for (int changes = random.Next(1, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            int length = random.Next(Math.Min(40, bytes.Count - at) + 1);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    // A pointer to anywhere.
                    bytes.InsertRange(at, [(byte)(0xC0 | random.Next(2)), (byte)random.Next(256)]);
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
