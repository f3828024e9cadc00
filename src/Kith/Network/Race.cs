using System.Net;
using System.Net.Sockets;

namespace Kith.Network;

/// <summary>
/// Happy eyeballs (RFC 8305): one address after the other, families in turn, the next one a quarter of a second after the
/// last or as soon as one has failed; who answers first wins, and the others are given up.
/// </summary>
internal sealed class Race(Func<IPEndPoint, CancellationToken, Task<Socket>> dial, TimeProvider time)
{
    // RFC 8305 §5 and §3.
    private static readonly TimeSpan _attemptDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _resolutionDelay = TimeSpan.FromMilliseconds(50);

    private readonly List<IPAddress> _waiting = [];
    private readonly List<(IPAddress Address, Task<Socket> Dialled)> _attempts = [];
    private AddressFamily _last = AddressFamily.InterNetwork;

    /// <summary>What went wrong so far, in words.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Null when every address has failed, or there is none: <see cref="Faults"/>.</summary>
    /// <param name="lookUps">Addresses as they become known; the preferred family's first.</param>
    /// <exception cref="OperationCanceledException">Cancelled by the caller.</exception>
    public async Task<Socket?> RunAsync(
        IReadOnlyList<Task<HostNames.Addresses>> lookUps,
        int port,
        CancellationToken cancellation
    )
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            await PreferredAsync(lookUps, end.Token);
            return await RunAsync([.. lookUps], port, end.Token);
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(_attempts.Select(attempt => GiveUpAsync(attempt.Dialled)));
        }
    }

    // Who is second waits a little for who is preferred.
    private async Task PreferredAsync(IReadOnlyList<Task<HostNames.Addresses>> lookUps, CancellationToken cancellation)
    {
        await Task.WhenAny(lookUps);
        if (!lookUps[0].IsCompleted)
            await Task.WhenAny(lookUps[0], Task.Delay(_resolutionDelay, time, cancellation));
    }

    private async Task<Socket?> RunAsync(
        List<Task<HostNames.Addresses>> lookUps,
        int port,
        CancellationToken cancellation
    )
    {
        Task pace = Task.CompletedTask;
        while (true)
        {
            foreach (Task<HostNames.Addresses> known in lookUps.FindAll(lookUp => lookUp.IsCompleted))
            {
                lookUps.Remove(known);
                Take(await known);
            }

            if (_waiting.Count > 0 && (pace.IsCompleted || _attempts.Count == 0))
            {
                IPAddress next = Next();
                _attempts.Add((next, dial(new IPEndPoint(next, port), cancellation)));
                pace = Task.Delay(_attemptDelay, time, cancellation);
            }

            if (_attempts.Count == 0 && lookUps.Count == 0)
                return Faults.Count > 0 ? null : None();
            IEnumerable<Task> events = [.. _attempts.Select(attempt => attempt.Dialled), .. lookUps];
            await Task.WhenAny(_waiting.Count > 0 ? events.Append(pace) : events);
            cancellation.ThrowIfCancellationRequested();
            if (await FinishedAsync() is { } winner)
                return winner;
            if (Failed())
                pace = Task.CompletedTask;
        }
    }

    private Socket? None()
    {
        Faults.Add("it has no address");
        return null;
    }

    private void Take(HostNames.Addresses known)
    {
        _waiting.AddRange(known.Found);
        if (known.Why is not null)
            Faults.Add(known.Why);
    }

    // RFC 8305 §4: the families in turn, each in its own order.
    private IPAddress Next()
    {
        int other = _waiting.FindIndex(address => address.AddressFamily != _last);
        IPAddress next = _waiting[Math.Max(other, 0)];
        _waiting.Remove(next);
        _last = next.AddressFamily;
        return next;
    }

    private async Task<Socket?> FinishedAsync()
    {
        int at = _attempts.FindIndex(attempt => attempt.Dialled.IsCompletedSuccessfully);
        if (at < 0)
            return null;
        Socket winner = await _attempts[at].Dialled;
        _attempts.RemoveAt(at);
        return winner;
    }

    private bool Failed()
    {
        var failed = _attempts.FindAll(attempt => attempt.Dialled.IsFaulted);
        foreach (var attempt in failed)
        {
            _attempts.Remove(attempt);
            Faults.Add($"{attempt.Address} {attempt.Dialled.Exception!.InnerException!.Message}");
        }

        return failed.Count > 0;
    }

    private static async Task GiveUpAsync(Task<Socket> dialled)
    {
        try
        {
            (await dialled).Dispose();
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // That is what was wanted.
        }
    }
}
