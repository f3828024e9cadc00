using System.Net;
using Turn.Protocol;
using Turn.Sockets;

namespace Protocol.Tests.Turn.Stage;

/// <summary>Relayed addresses without a network: what leaves by them is kept, and peers send when the test says so.</summary>
internal sealed class FakeSockets : IRelaySockets
{
    /// <summary>Ports that somebody else has.</summary>
    public HashSet<ushort> InUse { get; } = [];

    public List<FakeSocket> Open { get; } = [];

    /// <summary>How often a port was asked for.</summary>
    public int Tries { get; private set; }

    /// <summary>All that left the machine.</summary>
    public List<(IPEndPoint From, IPEndPoint To, byte[] Payload)> Sent { get; } = [];

    public RelaySocket? TryOpen(in TransportAddress local, FromPeer received)
    {
        Tries++;
        TransportAddress wanted = local;
        if (InUse.Contains(local.Port) || Open.Exists(each => each.Local == wanted))
            return null;
        var socket = new FakeSocket(this, local, received);
        Open.Add(socket);
        return socket;
    }

    public FakeSocket At(IPEndPoint relayed) => Open.Single(each => each.Local.Port == relayed.Port);
}

/// <summary>One of them.</summary>
internal sealed class FakeSocket(FakeSockets all, TransportAddress local, FromPeer received) : RelaySocket(local)
{
    public override void Send(in TransportAddress to, in Packet payload) =>
        all.Sent.Add((Local.ToEndPoint(), to.ToEndPoint(), payload.Bytes.ToArray()));

    /// <summary>A peer sends.</summary>
    public void Receive(IPEndPoint from, byte[] payload)
    {
        byte[] buffer = new byte[Packet.Headroom + payload.Length + 8];
        // What lay there before must not leave.
        buffer.AsSpan().Fill(0xEE);
        payload.CopyTo(buffer, Packet.Headroom);
        received(this, TransportAddress.Of(from), new Packet(buffer, Packet.Headroom, payload.Length, stays: true));
    }

    public override void Close() => all.Open.Remove(this);
}
