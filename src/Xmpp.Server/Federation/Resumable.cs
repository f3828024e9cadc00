namespace Xmpp.Server.Federation;

/// <summary>
/// A stream that may be gone on with after a cut (XEP-0198 §5): its name, and how many of the peer's stanzas were taken. What of
/// ours the peer has taken is the business of the <see cref="Peer"/> whose stanzas went over it.
/// </summary>
/// <param name="id">As whoever was asked for it says it.</param>
internal sealed class Resumable(string local, string remote, string id)
{
    public (string Local, string Remote, string Id) Name { get; } = (local, remote, id);
    public string Id => Name.Id;

    /// <summary>Stanzas of the peer, modulo 2^32; only the reader of the stream of now counts.</summary>
    public uint Handled { get; set; }

    /// <summary>The stream of now; null while it is cut.</summary>
    public PeerStream? Stream { get; set; }

    /// <summary>Who is about to go on with it.</summary>
    public PeerStream? Claimant { get; set; }

    /// <summary>When it was cut.</summary>
    public long CutAt { get; set; }
}
