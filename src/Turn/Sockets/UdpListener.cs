using Turn.Allocations;
using Turn.Protocol;
using Turn.Requests;

namespace Turn.Sockets;

/// <summary>The socket that UDP clients come to; answers leave from the address that was asked.</summary>
internal sealed class UdpListener(LinuxSocket socket, Outgoing outgoing, TurnServer server) : ILoopSocket, IDisposable
{
    private readonly bool _withLocal = socket.Local.IsUnspecified;

    public int Descriptor => socket.Descriptor;

    public bool Ready(int events, DatagramBatch batch, int most)
    {
        (int first, int count) = socket.Receive(batch, most, _withLocal, out bool more);
        for (int slot = first; slot < first + count; slot++)
        {
            TransportAddress local = socket.Local;
            if (_withLocal && !batch.TryLocal(slot, socket.Local.Port, out local))
                continue;
            TransportAddress remote = batch.From(slot);
            // Who has nothing here yet is remembered only once it has proved who it is.
            Client client = server.Table.Find(remote, local)?.Client ?? new UdpClient(this, remote, local);
            server.FromClient(client, batch.At(slot));
        }

        return more;
    }

    public void Dispose() => socket.Close();

    private void SendLater(in Packet packet, Client client) =>
        outgoing.Add(socket, packet, client.Remote, _withLocal ? client.Local : default);

    private TransportAddress? From(Client client) => _withLocal ? client.Local : null;

    private sealed class UdpClient(UdpListener listener, TransportAddress remote, TransportAddress local)
        : Client(remote, local)
    {
        public override bool IsStream => false;

        public override void Send(ReadOnlySpan<byte> message) =>
            listener.Socket.Send(message, Remote, listener.From(this));

        public override void Deliver(in Packet packet)
        {
            // ChannelData needs no padding over UDP (RFC 8656 §12.5), STUN's last attribute does.
            int padding = ChannelData.IsAt(packet.Bytes) ? 0 : -packet.Length & 3;
            if (packet.Slot >= 0)
                listener.SendLater(packet.Append(padding), this);
            else
                Copy(packet, padding);
        }

        // From another client's connection, where other messages lie behind it.
        private void Copy(in Packet packet, int padding)
        {
            byte[] copy = System.Buffers.ArrayPool<byte>.Shared.Rent(packet.Length + padding);
            packet.Bytes.CopyTo(copy);
            copy.AsSpan(packet.Length, padding).Clear();
            listener.Socket.Send(copy.AsSpan(0, packet.Length + padding), Remote, listener.From(this));
            System.Buffers.ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private LinuxSocket Socket => socket;
}
