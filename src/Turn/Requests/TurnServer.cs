using System.Runtime.InteropServices;
using Turn.Allocations;
using Turn.Protocol;
using Turn.Sockets;

namespace Turn.Requests;

/// <summary>
/// What comes from clients and what becomes of it (RFC 8656 §5), whatever brought it here. Any thread may call it.
/// </summary>
/// <remarks>
/// <code>
/// client → ChannelData ───────────────→ Relaying → peer's socket | another allocation here
///        → STUN → Binding              → mapped address
///               → Send indication     → Relaying
///               → request → Authentication → unknown attributes → Allocating | Refreshing | Permitting
/// </code>
/// </remarks>
internal sealed class TurnServer : IDisposable
{
    private readonly Clock _clock;
    private readonly Authentication _authentication;
    private readonly Answers _answers;
    private readonly Allocating _allocating;
    private readonly Refreshing _refreshing;
    private readonly Permitting _permitting;
    private readonly RelayPorts _ports;
    private readonly OwnAddresses _own;

    public TurnServer(RelayOptions options, IRelaySockets sockets)
    {
        _clock = new Clock(options.Time);
        var nonces = new Nonces(_clock);
        Table = new AllocationTable(_clock, options.Limits with { AllocationsPerUser = options.AllocationsPerUser });
        _own = new OwnAddresses(options, _clock, () => Table.Count > 0);
        Relaying = new Relaying(Table, _own, _clock, options.AllowPrivatePeers);
        _ports = new RelayPorts(options, sockets, _own, Table, Relaying.FromPeer);
        var strangers = new Strangers(options.Limits);
        _authentication = new Authentication(options, nonces, strangers);
        _answers = new Answers(_authentication, nonces, strangers);
        _allocating = new Allocating(Table, _ports, _authentication, _answers);
        _refreshing = new Refreshing(Table, _answers);
        _permitting = new Permitting(options, Relaying, _answers);
    }

    public AllocationTable Table { get; }

    public Relaying Relaying { get; }

    /// <summary>Takes one message of a client, wherever it ends; false for what is none, which no server answers.</summary>
    public bool FromClient(Client client, in Packet packet)
    {
        if (ChannelData.IsAt(packet.Bytes))
        {
            if (!ChannelData.TryRead(packet.Bytes, out ushort channel, out int length))
                return false;
            Relaying.ToPeer(client, channel, packet.Slice(ChannelData.HeaderLength, length));
            return true;
        }

        if (!StunMessage.TryRead(packet.Bytes, out StunMessage message) || !message.HasNoFalseFingerprint())
            return false;
        if (message.Class == StunClass.Request)
            Answer(client, message);
        else if (message is { Class: StunClass.Indication, Method: StunMethod.Send })
            SendToPeer(client, message, packet);
        return true;
    }

    private void Answer(Client client, in StunMessage message)
    {
        var asked = new Asked(message, client, _clock.Now);
        if (message.Method == StunMethod.Binding)
        {
            Bind(asked);
            return;
        }

        // Unknown methods, TCP's CONNECT (RFC 6062) among them, are nobody's here (RFC 8489 §6.3).
        if (message.Method is not (StunMethod.Allocate or StunMethod.Refresh) && !IsForAllocation(message.Method))
            return;
        if (_authentication.Check(ref asked, out Identity? identity, out bool sha256) is not { } refused)
            return;
        if (refused is StunError.Unauthorized or StunError.StaleNonce)
            _answers.Challenge(asked, refused);
        else if (refused != StunError.None)
            _answers.Refuse(asked, refused);
        else if (asked.By(identity!, sha256) is var known && !RefusesUnknown(known))
            Act(known);
    }

    private static bool IsForAllocation(StunMethod method) =>
        method is StunMethod.CreatePermission or StunMethod.ChannelBind;

    private void Act(in Asked asked)
    {
        if (asked.Message.Method == StunMethod.Allocate)
        {
            _allocating.Answer(asked);
            return;
        }

        Allocation? allocation = asked.Client.Allocation;
        if (allocation is not null && allocation.Identity.Username != asked.Identity!.Username)
            _answers.Refuse(asked, StunError.WrongCredentials);
        else if (asked.Message.Method == StunMethod.Refresh)
            _refreshing.Answer(asked, allocation);
        else if (allocation is null)
            _answers.Refuse(asked, StunError.AllocationMismatch);
        else if (asked.Message.Method == StunMethod.CreatePermission)
            _permitting.Permit(asked, allocation);
        else
            _permitting.Bind(asked, allocation);
    }

    // RFC 8489 §12.
    private void Bind(in Asked asked)
    {
        if (RefusesUnknown(asked))
            return;
        var answer = Answers.Begin(asked, StunClass.Success, stackalloc byte[StunWriter.Longest]);
        answer.Address(StunAttribute.XorMappedAddress, asked.Client.Remote);
        _answers.Send(asked, ref answer);
    }

    // RFC 8656 §11.2; an indication that is not understood whole is nothing (RFC 8489 §6.3.2).
    private void SendToPeer(Client client, in StunMessage message, in Packet packet)
    {
        Span<ushort> unknown = stackalloc ushort[1];
        if (
            client.Allocation is null
            || Unknown(message, unknown) > 0
            || !message.TryGet(StunAttribute.Data, out ReadOnlySpan<byte> data)
            || !message.TryGet(StunAttribute.XorPeerAddress, out ReadOnlySpan<byte> value)
            || !XorAddress.TryRead(value, message.TransactionId, out TransportAddress peer)
        )
            return;
        // What is sent on is the data where it lies.
        ref byte first = ref MemoryMarshal.GetReference(data);
        int from = (int)
            System.Runtime.CompilerServices.Unsafe.ByteOffset(ref MemoryMarshal.GetReference(message.Bytes), ref first);
        Relaying.ToPeer(client, peer, packet.Slice(from, data.Length));
    }

    private bool RefusesUnknown(in Asked asked)
    {
        Span<ushort> unknown = stackalloc ushort[8];
        int count = Unknown(asked.Message, unknown);
        if (count > 0)
            _answers.RefuseUnknown(asked, unknown[..count]);
        return count > 0;
    }

    private static int Unknown(in StunMessage message, Span<ushort> unknown)
    {
        int count = 0;
        StunAttributes all = message.Attributes;
        while (all.MoveNext())
            if ((ushort)all.Type < 0x8000 && !IsUnderstood(all.Type) && count < unknown.Length)
                unknown[count++] = (ushort)all.Type;
        return count;
    }

    // Not DONT-FRAGMENT: the bit cannot be set for single packets here, and so it is refused as RFC 8656 §7.2 says.
    private static bool IsUnderstood(StunAttribute type) =>
        type
            is StunAttribute.MappedAddress
                or StunAttribute.Username
                or StunAttribute.MessageIntegrity
                or StunAttribute.ErrorCode
                or StunAttribute.UnknownAttributes
                or StunAttribute.ChannelNumber
                or StunAttribute.Lifetime
                or StunAttribute.XorPeerAddress
                or StunAttribute.Data
                or StunAttribute.Realm
                or StunAttribute.Nonce
                or StunAttribute.XorRelayedAddress
                or StunAttribute.RequestedAddressFamily
                or StunAttribute.EvenPort
                or StunAttribute.RequestedTransport
                or StunAttribute.MessageIntegritySha256
                or StunAttribute.PasswordAlgorithm
                or StunAttribute.UserHash
                or StunAttribute.XorMappedAddress
                or StunAttribute.ReservationToken;

    public void Dispose()
    {
        Table.Dispose();
        _ports.Dispose();
        _own.Dispose();
    }
}
