using System.Net;

namespace Dns;

/// <summary>All that the resolver is given.</summary>
public sealed record ResolverOptions
{
    /// <summary>
    /// Who is asked for every name, in this order. None: the servers of <see cref="ResolverConfiguration"/>, after
    /// <see cref="Hosts"/> and the names that are nobody's to give (RFC 6761 §6.3, §6.4; RFC 7686 §2).
    /// </summary>
    public IReadOnlyList<IPEndPoint> Servers { get; init; } = [];

    /// <summary>
    /// <see cref="Servers"/> validate (RFC 4035), and the way to them is safe: what they say is authentic counts. Of one on
    /// loopback that is taken for granted.
    /// </summary>
    public bool Validating { get; init; }

    /// <summary>resolv.conf(5). Followed while it changes.</summary>
    public string ResolverConfiguration { get; init; } = "/etc/resolv.conf";

    /// <summary>hosts(5). Followed while it changes.</summary>
    public string Hosts { get; init; } = "/etc/hosts";

    /// <summary>How long a server has for its answer, where resolv.conf does not say; the default is its own.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often each server is asked at most, where resolv.conf does not say; the default is its own.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>How many answers are kept.</summary>
    public int CacheEntries { get; init; } = 1000;

    /// <summary>No answer is kept for longer, whatever it says.</summary>
    public TimeSpan LongestTimeToLive { get; init; } = TimeSpan.FromDays(1);

    /// <summary>No "no" is kept for longer (RFC 2308 §5 would allow hours; who adds a record at home waits for it).</summary>
    public TimeSpan LongestNegative { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>For so long nobody is bothered again with what has just failed (RFC 9520 §3.2 asks for at least a second).</summary>
    public TimeSpan FailureTime { get; init; } = TimeSpan.FromSeconds(5);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What is wrong with them; null when they can be used.</summary>
    internal string? Fault()
    {
        if (Attempts < 1 || CacheEntries < 1)
            return $"{nameof(Attempts)} and {nameof(CacheEntries)} are at least 1";
        return Timeout <= TimeSpan.Zero ? $"{nameof(Timeout)} is a time to come" : null;
    }
}
