using System.Buffers.Binary;
using Turn.Allocations;
using Turn.Protocol;

namespace Turn.Requests;

/// <summary>CreatePermission and ChannelBind requests (RFC 8656 §9.2, §12.2): whom an allocation may send to.</summary>
internal sealed class Permitting(RelayOptions options, Relaying relaying, Answers answers)
{
    /// <summary>Of one request.</summary>
    private const int MostPeers = 32;

    /// <summary>All of its peers or, when one of them is refused, none.</summary>
    public void Permit(in Asked asked, Allocation allocation)
    {
        var peers = new TransportAddress[MostPeers];
        int count = 0;
        StunError fault = StunError.None;
        StunAttributes all = asked.Message.Attributes;
        while (fault == StunError.None && all.MoveNext())
        {
            if (all.Type != StunAttribute.XorPeerAddress)
                continue;
            fault =
                count == MostPeers
                    ? StunError.InsufficientCapacity
                    : Check(asked.Message, allocation, all.Value, out peers[count]);
            count++;
        }

        if (fault == StunError.None && count == 0)
            fault = StunError.BadRequest;
        if (
            fault == StunError.None
            && !allocation.TryPermit(peers.AsSpan(0, count), options.Limits.Permissions, asked.Now)
        )
            fault = StunError.InsufficientCapacity;
        Conclude(asked, fault);
    }

    public void Bind(in Asked asked, Allocation allocation)
    {
        if (
            !asked.Message.TryGet(StunAttribute.ChannelNumber, out ReadOnlySpan<byte> number)
            || !asked.Message.TryGet(StunAttribute.XorPeerAddress, out ReadOnlySpan<byte> value)
            || number.Length != 4
            || BinaryPrimitives.ReadUInt16BigEndian(number) is < ChannelData.First or > ChannelData.Last
        )
        {
            answers.Refuse(asked, StunError.BadRequest);
            return;
        }

        ushort channel = BinaryPrimitives.ReadUInt16BigEndian(number);
        StunError fault = Check(asked.Message, allocation, value, out TransportAddress peer);
        // A permission is for every port; a channel for one, and there is no 0.
        if (fault == StunError.None && peer.Port == 0)
            fault = StunError.Forbidden;
        if (fault == StunError.None)
            fault = allocation.Bind(channel, peer, options.Limits, asked.Now);
        Conclude(asked, fault);
    }

    private StunError Check(
        in StunMessage request,
        Allocation allocation,
        ReadOnlySpan<byte> value,
        out TransportAddress peer
    )
    {
        peer = default;
        if (!XorAddress.TryRead(value, request.TransactionId, out TransportAddress address))
            return StunError.BadRequest;
        if (allocation.Relayed(address.IsV6) is null)
            return StunError.PeerAddressFamilyMismatch;
        if (!relaying.Allows(address))
            return StunError.Forbidden;
        peer = address;
        return StunError.None;
    }

    private void Conclude(in Asked asked, StunError fault)
    {
        if (fault != StunError.None)
        {
            answers.Refuse(asked, fault);
            return;
        }

        var answer = Answers.Begin(asked, StunClass.Success, stackalloc byte[StunWriter.Longest]);
        answers.Send(asked, ref answer);
    }
}
