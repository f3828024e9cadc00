using System.Net;
using Shouldly;
using Xmpp.Addresses;
using Xmpp.Server.Sessions;
using Xmpp.Server.Streams;
using Xmpp.Stanzas;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Streams;

/// <summary>What is kept of what was sent, and for how long (XEP-0198 §4, §5).</summary>
public sealed class SendChainTests
{
    private static readonly Jid _juliet = Jid.Parse("juliet@kith.test/balcony");
    private readonly SendChain _chain = new();

    private static Outgoing Message(long archiveId) =>
        new(new Stanza { Kind = StanzaKind.Message, Type = StanzaType.Chat }, _juliet, default, archiveId);

    private static Outgoing Enabled() => new("<enabled xmlns='urn:xmpp:sm:3'/>"u8.ToArray()) { BeginsCounting = true };

    private static void Write(SendChain chain)
    {
        var transport = new TcpTransport(Stream.Null, IPAddress.Loopback, new XmlLimits(), tls: null);
        chain.Write(transport, int.MaxValue);
    }

    private void Append(params Outgoing[] items)
    {
        foreach (Outgoing item in items)
            _chain.Append(item);
    }

    private IEnumerable<long> Left() => _chain.Take().Select(item => item.ArchiveId);

    // A client counts from <enabled/> on: what was queued before it is not acknowledged.
    [Fact]
    public void What_stands_before_enabled_is_not_counted()
    {
        Append(Message(1), Message(2), Enabled(), Message(3), Message(4));
        Write(_chain);
        _chain.Sent.ShouldBe(2u);
        _chain.Acknowledge(3).ShouldBeNull();
        _chain.Acknowledge(1).ShouldBe(3);
        Left().ShouldBe([4]);
    }

    [Fact]
    public void What_was_written_and_not_flushed_is_not_forgotten()
    {
        Append(Message(1), Message(2));
        Write(_chain);
        Append(Message(3));
        _chain.Forget().ShouldBe(2);
        Left().ShouldBe([3]);
    }

    // The client's answer may be read before our own writer has noticed that its flush is done.
    [Fact]
    public void An_acknowledgement_may_come_before_the_flush_is_over()
    {
        Append(Message(1), Enabled(), Message(2));
        Write(_chain);
        _chain.Acknowledge(1).ShouldBe(2);
        _chain.Forget().ShouldBe(0);
        _chain.Count.ShouldBe(0);
    }

    [Fact]
    public void Elements_of_the_stream_wait_for_no_acknowledgement()
    {
        _chain.BeginCounting();
        for (int i = 0; i < 100; i++)
        {
            Append(new Outgoing("<failed xmlns='urn:xmpp:sm:3'/>"u8.ToArray()));
            Write(_chain);
            _chain.Forget();
        }
        _chain.Count.ShouldBe(0);
    }

    [Fact]
    public void A_resumption_repeats_stanzas_in_order_and_no_elements()
    {
        _chain.BeginCounting();
        Append(Message(1), Message(2), new Outgoing("<x xmlns='urn:example'/>"u8.ToArray()), Message(3));
        Write(_chain);
        Append(Message(4));
        _chain.Acknowledge(1).ShouldBe(1);

        _chain.Rewind();

        _chain.UnsentBytes.ShouldBe(_chain.Bytes);
        Write(_chain);
        _chain.Sent.ShouldBe(4u);
        _chain.Acknowledge(3).ShouldBe(3);
        Left().ShouldBe([4]);
    }

    // §4: after 2^32 - 1 comes 0.
    [Fact]
    public void The_count_goes_round()
    {
        var chain = new SendChain(uint.MaxValue - 1);
        chain.BeginCounting();
        for (int i = 1; i <= 4; i++)
            chain.Append(Message(i));
        Write(chain);
        chain.Sent.ShouldBe(2u);
        chain.Acknowledge(3).ShouldBeNull();
        chain.Acknowledge(uint.MaxValue).ShouldBe(1);
        chain.Acknowledge(uint.MaxValue).ShouldBe(0);
        chain.Acknowledge(1).ShouldBe(3);
        chain.Acknowledge(0).ShouldBeNull();
        chain.Acknowledge(2).ShouldBe(4);
    }
}
