using System.Threading.Tasks.Sources;

namespace Turn.Sockets;

/// <summary>What one reader or one writer waits for, again and again without anything allocated. All but the waiting itself is under the owner's lock.</summary>
internal sealed class Awaited : IValueTaskSource<int>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<int> _core;

    public bool IsWaiting { get; private set; }

    /// <summary>Somebody waits from now on; the token of the wait.</summary>
    /// <exception cref="InvalidOperationException">Somebody waits already.</exception>
    public short Begin()
    {
        if (IsWaiting)
            throw new InvalidOperationException("one waits already");
        _core.Reset();
        IsWaiting = true;
        return _core.Version;
    }

    /// <summary>The wait is over, and whoever is told so is to say it (<see cref="Complete"/>), outside of the lock; false when none was.</summary>
    public bool TryEnd()
    {
        bool waited = IsWaiting;
        IsWaiting = false;
        return waited;
    }

    /// <param name="here">Who waited goes on on this thread, before this returns.</param>
    public void Complete(int result, Exception? fault, bool here)
    {
        _core.RunContinuationsAsynchronously = !here;
        if (fault is null)
            _core.SetResult(result);
        else
            _core.SetException(fault);
    }

    int IValueTaskSource<int>.GetResult(short token) => _core.GetResult(token);

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _core.OnCompleted(continuation, state, token, flags);
}
