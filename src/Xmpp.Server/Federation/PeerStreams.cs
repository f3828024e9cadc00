using System.Collections.Concurrent;
using Xmpp.Server.Streams;

namespace Xmpp.Server.Federation;

/// <summary>The streams of now: how many they may be, and which have nothing to do any more.</summary>
internal sealed class PeerStreams(FederationOptions options)
{
    private const int MostOfAddress = 32;
    private const int MostOfPair = 4;
    private readonly ConcurrentDictionary<PeerStream, bool> _all = new();

    /// <summary>Those of each address that have proved a domain.</summary>
    public Strangers Proved { get; } = new(MostOfAddress);

    public bool IsEmpty => _all.IsEmpty;

    /// <summary>False when it was there.</summary>
    public bool TryAdd(PeerStream stream) => _all.TryAdd(stream, true);

    public void Remove(PeerStream stream) => _all.TryRemove(stream, out _);

    /// <summary>A stream has come for the pair: beyond a few, the one that was used longest ago makes room.</summary>
    public void Replace(PeerStream stream, string remote, string local)
    {
        PeerStream[] others =
        [
            .. _all.Keys.Where(each =>
                each is IncomingStream && each != stream && !each.IsClosing && each.HasProved(remote, local)
            ),
        ];
        if (others.Length >= MostOfPair)
            others.MaxBy(each => each.Unused)!.Close();
    }

    /// <summary>Ends those that are idle or stuck; called now and then.</summary>
    public void Look()
    {
        foreach (PeerStream stream in _all.Keys)
            stream.Look(options.Idle);
    }
}
