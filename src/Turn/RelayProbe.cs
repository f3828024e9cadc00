using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Turn.Protocol;

namespace Turn;

/// <summary>What a relay said to <see cref="RelayProbe"/>.</summary>
/// <param name="Relayed">The address that it gave, and took back; null: none.</param>
/// <param name="Error">Why there is none (RFC 8489 §14.8); 0 where there is one.</param>
public readonly record struct RelayAnswer(IPEndPoint? Relayed, int Error);

/// <summary>Asks a relay over UDP what a client asks before a call: a binding (RFC 8489 §12) and an allocation (RFC 8656 §7), which it ends again.</summary>
public sealed class RelayProbe
{
    // RFC 8489 §6.2.1 begins so.
    private static readonly TimeSpan _again = TimeSpan.FromMilliseconds(500);

    private readonly Socket _socket;
    private readonly string _username;
    private readonly string _password;
    private readonly byte[] _buffer = new byte[2048];
    private byte[] _realm = [];
    private byte[] _nonce = [];

    private RelayProbe(Socket socket, string username, string password) =>
        (_socket, _username, _password) = (socket, username, password);

    /// <param name="cancellation">Ends the wait; what is lost on the way is asked again until then.</param>
    /// <exception cref="OperationCanceledException">No answer came.</exception>
    /// <exception cref="IOException">There is no way there.</exception>
    public static async Task<RelayAnswer> AskAsync(
        IPEndPoint relay,
        string username,
        string password,
        CancellationToken cancellation
    )
    {
        using var socket = new Socket(relay.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            await socket.ConnectAsync(relay, cancellation);
            return await new RelayProbe(socket, username, password).AskAsync(cancellation);
        }
        catch (SocketException fault)
        {
            throw new IOException(fault.Message, fault);
        }
    }

    private async Task<RelayAnswer> AskAsync(CancellationToken cancellation)
    {
        if (ErrorOf(await AskAsync(StunMethod.Binding, null, cancellation)) is not 0 and var refused)
            return new(null, refused);
        (StunAttribute, byte[]) udp = (StunAttribute.RequestedTransport, [Stun.Udp, 0, 0, 0]);
        byte[] challenge = await AskAsync(StunMethod.Allocate, udp, cancellation);
        (_realm, _nonce) = (BytesOf(challenge, StunAttribute.Realm), BytesOf(challenge, StunAttribute.Nonce));
        byte[] answer = await AskAsync(StunMethod.Allocate, udp, cancellation);
        if (ErrorOf(answer) is not 0 and var error)
            return new(null, error);
        IPEndPoint relayed = RelayedIn(answer);
        await AskAsync(StunMethod.Refresh, (StunAttribute.Lifetime, [0, 0, 0, 0]), cancellation);
        return new(relayed, 0);
    }

    private async Task<byte[]> AskAsync(
        StunMethod method,
        (StunAttribute Type, byte[] Value)? said,
        CancellationToken cancellation
    )
    {
        byte[] transaction = RandomNumberGenerator.GetBytes(Stun.TransactionIdLength);
        byte[] request = Write(method, transaction, said);
        while (true)
        {
            await _socket.SendAsync(request, cancellation);
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            wait.CancelAfter(_again);
            try
            {
                while (true)
                {
                    int length = await _socket.ReceiveAsync(_buffer, wait.Token);
                    if (IsAnswer(_buffer.AsSpan(0, length), transaction))
                        return _buffer[..length];
                }
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Once more.
            }
        }
    }

    private byte[] Write(StunMethod method, byte[] transaction, (StunAttribute Type, byte[] Value)? said)
    {
        var writer = new StunWriter(new byte[2048], method, StunClass.Request, transaction);
        if (said is { } attribute)
            writer.Bytes(attribute.Type, attribute.Value);
        if (_nonce.Length > 0)
        {
            writer.Bytes(StunAttribute.Username, Encoding.UTF8.GetBytes(_username));
            writer.Bytes(StunAttribute.Realm, _realm);
            writer.Bytes(StunAttribute.Nonce, _nonce);
            string realm = Encoding.UTF8.GetString(_realm);
            writer.Integrity(Integrity.Key(_username, realm, _password, PasswordAlgorithm.Md5), sha256: false);
        }

        return writer.Written.ToArray();
    }

    private static bool IsAnswer(ReadOnlySpan<byte> datagram, byte[] transaction) =>
        StunMessage.TryRead(datagram, out StunMessage message)
        && message.Class is StunClass.Success or StunClass.Error
        && message.TransactionId.SequenceEqual(transaction);

    private static int ErrorOf(byte[] answer)
    {
        _ = StunMessage.TryRead(answer, out StunMessage message);
        if (message.Class == StunClass.Success)
            return 0;
        // One that refuses and does not say why has a fault of its own (RFC 8489 §14.8, 500).
        return message.TryGet(StunAttribute.ErrorCode, out ReadOnlySpan<byte> code) && code.Length >= 4
            ? (code[2] * 100) + code[3]
            : 500;
    }

    private static byte[] BytesOf(byte[] answer, StunAttribute type)
    {
        _ = StunMessage.TryRead(answer, out StunMessage message);
        return message.TryGet(type, out ReadOnlySpan<byte> value) ? value.ToArray() : [];
    }

    private static IPEndPoint RelayedIn(byte[] answer)
    {
        _ = StunMessage.TryRead(answer, out StunMessage message);
        return
            message.TryGet(StunAttribute.XorRelayedAddress, out ReadOnlySpan<byte> value)
            && XorAddress.TryRead(value, message.TransactionId, out TransportAddress relayed)
            ? relayed.ToEndPoint()
            : throw new IOException("an allocation without an address");
    }
}
