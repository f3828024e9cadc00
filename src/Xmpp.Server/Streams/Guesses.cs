using System.Net;

namespace Xmpp.Server.Streams;

/// <summary>
/// Slows down guesses at passwords: after a number of failures for one account from one address within ten minutes each
/// answer waits longer, so that the owner elsewhere is not locked out (security.md, "Identity").
/// </summary>
public sealed class Guesses(ServerOptions options, TimeProvider time)
{
    private const int MostEntries = 10_000;
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(20);
    private readonly Lock _lock = new();
    private readonly Dictionary<(string, IPAddress), (int Count, DateTimeOffset Since)> _failures = [];

    /// <summary>How long the next answer waits.</summary>
    public TimeSpan Delay(string account, IPAddress address)
    {
        if (options.SignInFailures == 0 || account.Length == 0)
            return TimeSpan.Zero;
        lock (_lock)
        {
            if (
                !_failures.TryGetValue((account, Strangers.NetworkOf(address)), out var entry)
                || time.GetUtcNow() - entry.Since > _window
            )
                return TimeSpan.Zero;
            int over = entry.Count - options.SignInFailures;
            return over < 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, over), _longest.TotalSeconds));
        }
    }

    public void Failed(string account, IPAddress address)
    {
        // A failure that names no account is a client's clumsiness (a binding that it cannot do), not a guess.
        if (options.SignInFailures == 0 || account.Length == 0)
            return;
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (_failures.Count >= MostEntries)
                Trim(now);
            bool fresh =
                !_failures.TryGetValue((account, Strangers.NetworkOf(address)), out var entry)
                || now - entry.Since > _window;
            _failures[(account, Strangers.NetworkOf(address))] = fresh ? (1, now) : (entry.Count + 1, entry.Since);
        }
    }

    public void Succeeded(string account, IPAddress address)
    {
        lock (_lock)
            _failures.Remove((account, Strangers.NetworkOf(address)));
    }

    private void Trim(DateTimeOffset now)
    {
        foreach (var (key, entry) in _failures)
            if (now - entry.Since > _window)
                _failures.Remove(key);
        if (_failures.Count >= MostEntries)
            _failures.Clear();
    }
}
