using Xmpp.Stanzas;

namespace Xmpp.Server.Federation;

/// <summary>
/// How the streams of a pair end: again and again before anything is acknowledged, which counts as a failure, and perhaps over
/// one stanza that the other server does not survive. Its peer locks it.
/// </summary>
internal sealed class Endings
{
    /// <summary>So many streams in a row end over the same stanza before it is given up.</summary>
    private const int Most = 5;
    private int _hasty;
    private Stanza? _suspect;
    private int _count;

    /// <summary>From the second in a row.</summary>
    public bool IsLooping => _hasty >= 2;

    /// <summary>One has served.</summary>
    public void Forget() => (_hasty, _suspect, _count) = (0, null, 0);

    /// <summary>One has ended soon; returns the stanza that is to be given up, null for none.</summary>
    /// <param name="oldest">The oldest of what was sent and not acknowledged: it may be what the peer does not survive.</param>
    public Stanza? Note(Stanza? oldest)
    {
        _hasty++;
        (_suspect, _count) = (oldest, oldest is not null && oldest == _suspect ? _count + 1 : 1);
        return _count < Most ? null : oldest;
    }
}
