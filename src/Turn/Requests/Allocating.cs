using System.Buffers.Binary;
using Turn.Allocations;
using Turn.Protocol;

namespace Turn.Requests;

/// <summary>Allocate requests, by the numbered steps of RFC 8656 §7.2.</summary>
internal sealed class Allocating(
    AllocationTable table,
    RelayPorts ports,
    Authentication authentication,
    Answers answers
)
{
    /// <summary>Seconds; RFC 8656 §2.2 and §7.2.</summary>
    public const int DefaultLifetime = 600;
    public const int LongestLifetime = 3600;

    public void Answer(in Asked asked)
    {
        // 2. The 5-tuple has an allocation; the same request once more is answered alike.
        if (asked.Client.Allocation is { } before)
        {
            if (asked.Message.TransactionId.SequenceEqual(before.TransactionId))
                Succeed(asked, before);
            else
                answers.Refuse(asked, StunError.AllocationMismatch);
            return;
        }

        if (Wanted.Read(asked.Message, out Wanted wanted) is var fault and not StunError.None)
        {
            answers.Refuse(asked, fault);
            return;
        }

        // 5. What was reserved; its place goes to the allocation.
        RelayedAddress? reserved = null;
        if (wanted.Token != 0 && (reserved = ports.TryRedeem(wanted.Token, asked.Identity!.User)) is null)
        {
            answers.Refuse(asked, StunError.InsufficientCapacity);
            return;
        }

        // 10. A quota.
        if (table.TryEnter(asked.Identity!.User) is not { } user)
        {
            reserved?.Socket.Close();
            answers.Refuse(asked, StunError.AllocationQuotaReached);
            return;
        }

        Allocation? made = Make(asked, wanted, user, reserved, out StunError why);
        if (made is null)
        {
            table.Leave(user);
            answers.Refuse(asked, why);
            return;
        }

        made.Renew(LifetimeOf(asked.Message), asked.Now);
        if (!table.TryAdd(made))
        {
            made.Close();
            table.Leave(user);
            answers.Refuse(asked, StunError.InsufficientCapacity);
        }
        // Whose end came while this was made: it found nothing to end.
        else if (!authentication.Counts(asked.Identity))
        {
            table.Remove(made);
            answers.Challenge(asked, StunError.Unauthorized);
        }
        else
        {
            Succeed(asked, made);
        }
    }

    private Allocation? Make(in Asked asked, in Wanted wanted, User user, RelayedAddress? reserved, out StunError why)
    {
        why = StunError.InsufficientCapacity;
        ulong token = 0;
        if (reserved is null && !user.MaySearch(asked.Now))
            return null;
        RelayedAddress? first = wanted switch
        {
            { Token: not 0 } => reserved,
            { Even: true } => ports.TryTakeEven(asked.Client, wanted.V6, wanted.ReserveNext ? user : null, out token),
            _ => ports.TryTake(asked.Client, wanted.V6, out why),
        };
        if (first is null)
            return null;
        RelayedAddress? second = wanted.AlsoV6 ? ports.TryTake(asked.Client, v6: true, out _) : null;
        bool isV6 = first.Socket.Local.IsV6;
        return new Allocation(asked.Client, asked.Identity!, user)
        {
            TransactionId = asked.Message.TransactionId.ToArray(),
            V4 = isV6 ? null : first,
            V6 = isV6 ? first : second,
            LacksV6 = wanted.AlsoV6 && second is null,
            ReservationToken = token,
        };
    }

    private void Succeed(in Asked asked, Allocation allocation)
    {
        var answer = Answers.Begin(asked, StunClass.Success, stackalloc byte[StunWriter.Longest]);
        if (allocation.V4 is { } v4)
            answer.Address(StunAttribute.XorRelayedAddress, v4.Announced);
        if (allocation.V6 is { } v6)
            answer.Address(StunAttribute.XorRelayedAddress, v6.Announced);
        if (allocation.LacksV6)
            answer.AddressError(StunFamily.V6, StunError.AddressFamilyNotSupported);
        answer.Number(StunAttribute.Lifetime, (uint)allocation.Lifetime);
        if (allocation.ReservationToken != 0)
        {
            Span<byte> token = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(token, allocation.ReservationToken);
            answer.Bytes(StunAttribute.ReservationToken, token);
        }

        answer.Address(StunAttribute.XorMappedAddress, asked.Client.Remote);
        answers.Send(asked, ref answer);
    }

    /// <summary>At least the default, at most the longest, between them what the client wishes (RFC 8656 §7.2).</summary>
    public static int LifetimeOf(in StunMessage request)
    {
        uint wished =
            request.TryGet(StunAttribute.Lifetime, out ReadOnlySpan<byte> value) && value.Length == 4
                ? BinaryPrimitives.ReadUInt32BigEndian(value)
                : DefaultLifetime;
        return (int)Math.Clamp(wished, DefaultLifetime, LongestLifetime);
    }
}

/// <summary>What an Allocate request asks for.</summary>
internal readonly record struct Wanted(bool V6, bool AlsoV6, bool Even, bool ReserveNext, ulong Token)
{
    /// <summary>RFC 8656 §7.2, steps 3 to 9.</summary>
    public static StunError Read(in StunMessage request, out Wanted wanted)
    {
        wanted = default;
        if (
            !request.TryGet(StunAttribute.RequestedTransport, out ReadOnlySpan<byte> transport)
            || transport.Length != 4
        )
            return StunError.BadRequest;
        if (transport[0] != Stun.Udp)
            return StunError.UnsupportedTransport;
        bool family = request.TryGet(StunAttribute.RequestedAddressFamily, out ReadOnlySpan<byte> one);
        bool additional = request.TryGet(StunAttribute.AdditionalAddressFamily, out ReadOnlySpan<byte> more);
        bool even = request.TryGet(StunAttribute.EvenPort, out ReadOnlySpan<byte> next);
        bool reserved = request.TryGet(StunAttribute.ReservationToken, out ReadOnlySpan<byte> token);
        if ((family && one.Length != 4) || (even && next.Length != 1) || (reserved && token.Length != 8))
            return StunError.BadRequest;
        // Of what excludes each other only one.
        bool reserve = even && (next[0] & 0x80) != 0;
        if ((reserved && (even || family || additional)) || (additional && (family || reserve)))
            return StunError.BadRequest;
        if (additional && (more.Length != 4 || more[0] != (byte)StunFamily.V6))
            return StunError.BadRequest;
        if (family && one[0] is not ((byte)StunFamily.V4 or (byte)StunFamily.V6))
            return StunError.AddressFamilyNotSupported;
        wanted = new Wanted(
            family && one[0] == (byte)StunFamily.V6,
            additional,
            even,
            reserve,
            reserved ? BinaryPrimitives.ReadUInt64BigEndian(token) : 0
        );
        return reserved && wanted.Token == 0 ? StunError.InsufficientCapacity : StunError.None;
    }
}
