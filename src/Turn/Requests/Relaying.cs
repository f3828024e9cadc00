using Turn.Allocations;
using Turn.Protocol;
using Turn.Sockets;

namespace Turn.Requests;

/// <summary>
/// The way of data (RFC 8656 §11, §12): found by reading, checked, and sent on from where it lies. Between two allocations of
/// this server it never leaves the process, so that two phones behind the box meet although its own addresses are no peers.
/// </summary>
internal sealed class Relaying(AllocationTable table, OwnAddresses own, Clock clock, bool allowPrivatePeers)
{
    // RFC 8489 §5: what fits into a message's length.
    private const int LongestMessage = 65535;

    /// <summary>May this be a peer? The one rule for permission, channel and send.</summary>
    public bool Allows(in TransportAddress peer)
    {
        bool isInside = own.Contains(peer);
        if (isInside && table.TryFindLive(peer, out _, out _))
            return true;
        return PeerAddresses.Allow(peer, allowPrivatePeers) && (!isInside || allowPrivatePeers);
    }

    /// <summary>RFC 8656 §12.6.</summary>
    public void ToPeer(Client client, ushort channel, in Packet payload)
    {
        long now = clock.Now;
        if (client.Allocation is { } allocation && allocation.Channel(channel, now) is { } bound)
            ToPeer(allocation, bound.Permission, bound.Peer, payload, now);
    }

    /// <summary>RFC 8656 §11.2.</summary>
    public void ToPeer(Client client, in TransportAddress peer, in Packet payload)
    {
        long now = clock.Now;
        if (client.Allocation is { } allocation && allocation.Permission(peer, now) is { } permission)
            ToPeer(allocation, permission, peer, payload, now);
    }

    private void ToPeer(
        Allocation allocation,
        Permission permission,
        in TransportAddress peer,
        in Packet payload,
        long now
    )
    {
        if (
            !permission.IsGood(now)
            || peer.Port == 0
            || allocation.Relayed(peer.IsV6) is not { } relayed
            || !allocation.User.MaySend(payload.Length, now)
        )
            return;
        // Asked of each packet: an address may have become this machine's own since it was permitted.
        if (!own.HasNow(peer))
            relayed.Socket.Send(peer, payload);
        else if (table.TryFindLive(peer, out Allocation? other, out _))
            FromPeer(other, relayed.Announced, payload, now);
        else if (allowPrivatePeers)
            relayed.Socket.Send(peer, payload);
    }

    /// <summary>What came to a relayed address (RFC 8656 §11.3, §12.7).</summary>
    public void FromPeer(RelaySocket socket, in TransportAddress from, in Packet payload)
    {
        if (table.TryFindLive(socket.Local, out Allocation? allocation, out _))
            FromPeer(allocation, from, payload, clock.Now);
    }

    private static void FromPeer(Allocation allocation, in TransportAddress from, in Packet payload, long now)
    {
        if (allocation.Permission(from, now) is null || !allocation.User.MayReceive(payload.Length, now))
            return;
        if (allocation.Channel(from, now) is { } channel)
        {
            Packet data = payload.Prepend(ChannelData.HeaderLength);
            ChannelData.WriteHeader(data.Bytes, channel.Number, payload.Length);
            allocation.Client.Deliver(data);
            return;
        }

        Indicate(allocation.Client, from, payload);
    }

    // A Data indication's header, before the payload where it lies; its padding behind it is the client's to add.
    private static void Indicate(Client client, in TransportAddress from, in Packet payload)
    {
        int address = 4 + XorAddress.LengthOf(from);
        int header = Stun.HeaderLength + address + 4;
        int padded = (payload.Length + 3) & ~3;
        if (header - Stun.HeaderLength + padded > LongestMessage)
            return;
        Packet data = payload.Prepend(header);
        DataIndication.WriteHeader(data.Bytes, from, payload.Length);
        client.Deliver(data);
    }
}
