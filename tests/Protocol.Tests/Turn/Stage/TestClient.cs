using System.Net;
using System.Text;
using Shouldly;
using Turn.Allocations;
using Turn.Protocol;
using Turn.Requests;
using Turn.Sockets;

namespace Protocol.Tests.Turn.Stage;

/// <summary>A client over an imagined line, which signs its requests once it has been challenged.</summary>
internal class TestClient(TurnServer? server, IPEndPoint remote, IPEndPoint local, bool isStream = false)
    : Client(TransportAddress.Of(remote), TransportAddress.Of(local))
{
    private readonly Random _random = new(remote.Port);

    public override bool IsStream => isStream;

    public List<byte[]> Received { get; } = [];
    public string Username { get; set; } = "";
    public string Password { get; set; } = "";
    public byte[] Realm { get; set; } = [];
    public byte[] Nonce { get; set; } = [];
    public bool Sha256 { get; set; }

    /// <summary>What is appended to each request before it is signed.</summary>
    public List<(StunAttribute Type, byte[] Value)> Extra { get; } = [];

    public override void Send(ReadOnlySpan<byte> message) => Received.Add(message.ToArray());

    public override void Deliver(in Packet packet)
    {
        int padding = ChannelData.IsAt(packet.Bytes) && !isStream ? 0 : -packet.Length & 3;
        Received.Add(packet.Append(padding).Bytes.ToArray());
    }

    /// <summary>Hands over bytes as they came; false where the server knows nothing of the kind.</summary>
    public virtual bool Give(ReadOnlySpan<byte> bytes)
    {
        byte[] buffer = new byte[Packet.Headroom + bytes.Length + 8];
        bytes.CopyTo(buffer.AsSpan(Packet.Headroom));
        return server!.FromClient(this, new Packet(buffer, Packet.Headroom, bytes.Length, stays: true));
    }

    public byte[] NewTransaction()
    {
        byte[] id = new byte[Stun.TransactionIdLength];
        _random.NextBytes(id);
        return id;
    }

    /// <summary>A request, signed where there is a nonce; the one answer, or null where there is none.</summary>
    public Answer? Ask(StunMethod method, params (StunAttribute Type, byte[] Value)[] attributes) =>
        Ask(Request(method, NewTransaction(), attributes));

    public Answer? Ask(byte[] request)
    {
        int before = Received.Count;
        Give(request).ShouldBeTrue();
        return Received.Count == before ? null : new Answer(Received[^1]);
    }

    public byte[] Request(StunMethod method, byte[] transaction, params (StunAttribute, byte[])[] attributes)
    {
        var writer = new StunWriter(new byte[8192], method, StunClass.Request, transaction);
        foreach ((StunAttribute type, byte[] value) in attributes)
            writer.Bytes(type, value);
        if (Nonce.Length > 0)
            Sign(ref writer);
        return writer.Written.ToArray();
    }

    private void Sign(ref StunWriter writer)
    {
        writer.Bytes(StunAttribute.Username, Encoding.UTF8.GetBytes(Username));
        writer.Bytes(StunAttribute.Realm, Realm);
        writer.Bytes(StunAttribute.Nonce, Nonce);
        foreach ((StunAttribute type, byte[] value) in Extra)
            writer.Bytes(type, value);
        PasswordAlgorithm algorithm = Sha256 ? PasswordAlgorithm.Sha256 : PasswordAlgorithm.Md5;
        writer.Integrity(
            global::Turn.Protocol.Integrity.Key(Username, Encoding.ASCII.GetString(Realm), Password, algorithm),
            Sha256
        );
    }

    /// <summary>Asks for an allocation, is challenged, and takes nonce and realm from there.</summary>
    public TestClient Challenged()
    {
        Nonce = [];
        Answer answer = Ask(StunMethod.Allocate, Transport).ShouldNotBeNull();
        answer.Error.ShouldBe(StunError.Unauthorized);
        (Realm, Nonce) = (answer.Bytes(StunAttribute.Realm), answer.Bytes(StunAttribute.Nonce));
        return this;
    }

    /// <summary>An allocation; its relayed address.</summary>
    public IPEndPoint Allocate(params (StunAttribute, byte[])[] attributes)
    {
        if (Nonce.Length == 0)
            Challenged();
        Answer answer = Ask(StunMethod.Allocate, [Transport, .. attributes]).ShouldNotBeNull();
        answer.Error.ShouldBe(StunError.None);
        return answer.Address(StunAttribute.XorRelayedAddress);
    }

    public StunError Permit(IPEndPoint peer) => Error(StunMethod.CreatePermission, peer);

    public StunError BindChannel(ushort channel, IPEndPoint peer)
    {
        byte[] id = NewTransaction();
        return Ask(Request(StunMethod.ChannelBind, id, Channel(channel), Peer(peer, id))).ShouldNotBeNull().Error;
    }

    public StunError Refresh(uint lifetime) => Ask(StunMethod.Refresh, Lifetime(lifetime)).ShouldNotBeNull().Error;

    private StunError Error(StunMethod method, IPEndPoint peer)
    {
        byte[] id = NewTransaction();
        return Ask(Request(method, id, Peer(peer, id))).ShouldNotBeNull().Error;
    }

    /// <summary>A Send indication.</summary>
    public void SendTo(IPEndPoint peer, byte[] payload, params (StunAttribute, byte[])[] more)
    {
        byte[] id = NewTransaction();
        var writer = new StunWriter(new byte[payload.Length + 512], StunMethod.Send, StunClass.Indication, id);
        (StunAttribute type, byte[] value) = Peer(peer, id);
        writer.Bytes(type, value);
        writer.Bytes(StunAttribute.Data, payload);
        foreach ((StunAttribute other, byte[] content) in more)
            writer.Bytes(other, content);
        Give(writer.Written).ShouldBeTrue();
    }

    /// <summary>ChannelData.</summary>
    public void SendOn(ushort channel, byte[] payload)
    {
        byte[] data = new byte[4 + payload.Length];
        ChannelData.WriteHeader(data, channel, payload.Length);
        payload.CopyTo(data, 4);
        Give(data).ShouldBeTrue();
    }

    public static (StunAttribute, byte[]) Transport => (StunAttribute.RequestedTransport, [Stun.Udp, 0, 0, 0]);

    public static (StunAttribute, byte[]) Family(StunFamily family) =>
        (StunAttribute.RequestedAddressFamily, [(byte)family, 0, 0, 0]);

    public static (StunAttribute, byte[]) Channel(ushort number) =>
        (StunAttribute.ChannelNumber, [(byte)(number >> 8), (byte)number, 0, 0]);

    public static (StunAttribute, byte[]) Lifetime(uint seconds) =>
        (StunAttribute.Lifetime, [(byte)(seconds >> 24), (byte)(seconds >> 16), (byte)(seconds >> 8), (byte)seconds]);

    public static (StunAttribute, byte[]) Peer(IPEndPoint peer, byte[] transaction)
    {
        // Not by TransportAddress: a mapped address stays one.
        byte[] address = peer.Address.GetAddressBytes();
        var plain = TransportAddress.Of(address, (ushort)peer.Port);
        byte[] value = new byte[XorAddress.LengthOf(plain)];
        XorAddress.Write(value, plain, transaction);
        return (StunAttribute.XorPeerAddress, value);
    }
}

/// <summary>What the server said.</summary>
internal sealed class Answer(byte[] bytes)
{
    public byte[] Raw => bytes;

    private StunMessage Message
    {
        get
        {
            StunMessage.TryRead(bytes, out StunMessage message).ShouldBeTrue();
            return message;
        }
    }

    public StunClass Class => Message.Class;
    public StunMethod Method => Message.Method;

    public StunError Error =>
        Message.TryGet(StunAttribute.ErrorCode, out ReadOnlySpan<byte> value)
            ? (StunError)((value[2] * 100) + value[3])
            : StunError.None;

    public bool Has(StunAttribute type) => Message.Has(type);

    public byte[] Bytes(StunAttribute type)
    {
        Message.TryGet(type, out ReadOnlySpan<byte> value).ShouldBeTrue($"no {type}");
        return value.ToArray();
    }

    public uint Number(StunAttribute type) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(Bytes(type));

    public IPEndPoint Address(StunAttribute type)
    {
        XorAddress.TryRead(Bytes(type), Message.TransactionId, out TransportAddress address).ShouldBeTrue();
        return address.ToEndPoint();
    }

    public bool IsSignedBy(string username, string realm, string password, PasswordAlgorithm algorithm) =>
        Integrity.Verify(Message, Integrity.Key(username, realm, password, algorithm), out _);
}
