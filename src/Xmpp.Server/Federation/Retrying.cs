using System.Security.Cryptography;

namespace Xmpp.Server.Federation;

/// <summary>When a server that did not answer is tried again: at growing intervals, never at the same moment as others.</summary>
internal static class Retrying
{
    private static readonly TimeSpan _first = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(30);

    /// <summary>Who waits anew is worth an attempt after this.</summary>
    public static TimeSpan Soonest { get; } = TimeSpan.FromSeconds(30);

    /// <summary>After so many failures in a row; often enough within the time that messages wait.</summary>
    public static TimeSpan After(int failures, TimeSpan queueTime)
    {
        double seconds = Math.Min(_first.TotalSeconds * Math.Pow(3, Math.Min(failures, 8) - 1), _longest.TotalSeconds);
        seconds = Math.Min(seconds, Math.Max(1, queueTime.TotalSeconds / 4));
        double jitter = 0.8 + RandomNumberGenerator.GetInt32(0, 401) / 1000.0;
        return TimeSpan.FromSeconds(seconds * jitter);
    }
}
