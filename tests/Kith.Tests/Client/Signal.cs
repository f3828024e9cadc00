using System.Diagnostics;

namespace Kith.Tests.Client;

/// <summary>Waiting for something that another task brings about: looked at after each change, and not for ever.</summary>
internal sealed class Signal
{
    /// <summary>Far longer than anything here takes, on a busy machine too.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private TaskCompletionSource _next = New();

    public void Changed() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    /// <summary>Returns once it is so; <paramref name="otherwise"/> says what was there instead.</summary>
    public async Task WaitAsync(Func<bool> condition, Func<string> otherwise, CancellationToken cancellation = default)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            Task next = Volatile.Read(ref _next).Task;
            if (condition())
                return;
            TimeSpan left = Patience - waited.Elapsed;
            if (left <= TimeSpan.Zero)
                throw new TimeoutException(otherwise());
            try
            {
                await next.WaitAsync(left, cancellation);
            }
            catch (TimeoutException late)
            {
                throw new TimeoutException(otherwise(), late);
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
