namespace Xmpp.Server.Stores;

/// <summary>Somebody who waits and may be gone on with, right here or by the thread pool.</summary>
internal interface IWaiter
{
    /// <summary>Goes on with whoever waits.</summary>
    void Resume(bool here);
}

/// <summary>
/// What the release of a small batch wakes goes on upon the writer's own thread, once all of the batch is released: a
/// lone message then wakes no other thread, which on a quiet machine is dearer than all else that is done for it. Larger
/// batches leave it to the thread pool, which has all processors.
/// </summary>
public static class ReleaseScope
{
    private const int FewCommits = 4;
    private const int FewWaiters = 4;

    [ThreadStatic]
    private static List<IWaiter>? _kept;

    [ThreadStatic]
    private static bool _keeps;

    [ThreadStatic]
    private static bool _releases;

    /// <summary>True on the writer's thread while it releases: what is done here has its place in the common order.</summary>
    public static bool IsReleasing => _releases;

    /// <summary>The writer begins to release a batch of so many commits.</summary>
    public static void Begin(int commits)
    {
        _kept ??= [];
        (_keeps, _releases) = (commits <= FewCommits, true);
    }

    /// <summary>All of it is released.</summary>
    public static void End()
    {
        (_keeps, _releases) = (false, false);
        List<IWaiter> kept = _kept!;
        foreach (IWaiter waiter in kept)
            waiter.Resume(here: kept.Count <= FewWaiters);
        kept.Clear();
    }

    /// <summary>True when this thread resumes the waiter at the end of the batch.</summary>
    internal static bool TryKeep(IWaiter waiter)
    {
        if (_keeps)
            _kept!.Add(waiter);
        return _keeps;
    }
}
