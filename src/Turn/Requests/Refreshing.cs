using System.Buffers.Binary;
using Turn.Allocations;
using Turn.Protocol;

namespace Turn.Requests;

/// <summary>Refresh requests (RFC 8656 §8.2).</summary>
internal sealed class Refreshing(AllocationTable table, Answers answers)
{
    public void Answer(in Asked asked, Allocation? allocation)
    {
        bool ends =
            asked.Message.TryGet(StunAttribute.Lifetime, out ReadOnlySpan<byte> lifetime)
            && lifetime.Length == 4
            && BinaryPrimitives.ReadUInt32BigEndian(lifetime) == 0;
        if (allocation is null)
        {
            // The answer to the deletion was lost.
            if (ends && table.WasDeleted(asked.Client, asked.Message.TransactionId))
                Succeed(asked, 0);
            else
                answers.Refuse(asked, StunError.AllocationMismatch);
            return;
        }

        if (Family(asked.Message, allocation, out bool? v6) is var fault and not StunError.None)
        {
            answers.Refuse(asked, fault);
            return;
        }

        if (ends)
            End(asked, allocation, v6);
        else
            allocation.Renew(Allocating.LifetimeOf(asked.Message), asked.Now);
        Succeed(asked, ends ? 0 : allocation.Lifetime);
    }

    // Of an allocation with both families one may go alone.
    private void End(in Asked asked, Allocation allocation, bool? v6)
    {
        if (v6 is { } one && allocation.Relayed(!one) is not null)
            table.RemoveAddress(allocation, one);
        else
            table.Remove(allocation, asked.Message.TransactionId);
    }

    private static StunError Family(in StunMessage request, Allocation allocation, out bool? v6)
    {
        v6 = null;
        if (!request.TryGet(StunAttribute.RequestedAddressFamily, out ReadOnlySpan<byte> value))
            return StunError.None;
        if (value.Length != 4)
            return StunError.BadRequest;
        v6 = value[0] == (byte)StunFamily.V6;
        bool known = v6 == true || value[0] == (byte)StunFamily.V4;
        return known && allocation.Relayed(v6.Value) is not null ? StunError.None : StunError.PeerAddressFamilyMismatch;
    }

    private void Succeed(in Asked asked, int lifetime)
    {
        var answer = Answers.Begin(asked, StunClass.Success, stackalloc byte[StunWriter.Longest]);
        answer.Number(StunAttribute.Lifetime, (uint)lifetime);
        answers.Send(asked, ref answer);
    }
}
