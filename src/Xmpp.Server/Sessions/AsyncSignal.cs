using System.Threading.Tasks.Sources;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Sessions;

/// <summary>An auto-reset event for one waiter that allocates nothing: set before or after the wait, it wakes it once.</summary>
internal sealed class AsyncSignal : IValueTaskSource, IWaiter
{
    private ManualResetValueTaskSourceCore<bool> _core;
    private readonly Lock _lock = new();
    private bool _set;
    private bool _waiting;

    public void Set()
    {
        lock (_lock)
        {
            if (!_waiting)
            {
                _set = true;
                return;
            }
            _waiting = false;
        }
        if (!ReleaseScope.TryKeep(this))
            Resume(here: false);
    }

    void IWaiter.Resume(bool here) => Resume(here);

    private void Resume(bool here)
    {
        _core.RunContinuationsAsynchronously = !here;
        _core.SetResult(true);
    }

    public ValueTask WaitAsync()
    {
        lock (_lock)
        {
            if (_set)
            {
                _set = false;
                return ValueTask.CompletedTask;
            }
            _core.Reset();
            _waiting = true;
            return new ValueTask(this, _core.Version);
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _core.OnCompleted(continuation, state, token, flags);
}
