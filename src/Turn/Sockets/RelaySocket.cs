using Turn.Protocol;

namespace Turn.Sockets;

/// <summary>A UDP socket with a relayed address. Any thread may send and close; nothing is received once it is closed.</summary>
internal abstract class RelaySocket(TransportAddress local)
{
    /// <summary>Where it is bound.</summary>
    public TransportAddress Local => local;

    /// <summary>Sends a datagram, or drops it: as on any line, nobody hears of it.</summary>
    public abstract void Send(in TransportAddress to, in Packet payload);

    public abstract void Close();
}

/// <summary>What comes to a relayed address.</summary>
internal delegate void FromPeer(RelaySocket socket, in TransportAddress from, in Packet packet);

/// <summary>Where relayed addresses come from: the system's sockets, or the tests' own.</summary>
internal interface IRelaySockets
{
    /// <summary>Null when the port is in use, or the address none of this machine's.</summary>
    RelaySocket? TryOpen(in TransportAddress local, FromPeer received);
}
