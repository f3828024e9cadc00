using System.Net.Sockets;
using System.Security.Authentication;
using Turn.Protocol;

namespace Turn.Streams;

/// <summary>
/// How long a connection may last: without an allocation not for long, with one as long as that. Counts, with the others, those
/// of one address that have none.
/// </summary>
internal sealed class ConnectionTerms : IDisposable
{
    private readonly Newcomers _newcomers;
    private readonly CancellationTokenSource _end;
    private readonly RelayLimits _limits;
    private readonly TransportAddress _remote;
    private readonly Lock _settling = new();
    private bool _settled;
    private bool _over;

    public ConnectionTerms(Newcomers newcomers, TransportAddress remote, RelayOptions options, CancellationToken stop)
    {
        (_newcomers, _remote, _limits) = (newcomers, remote, options.Limits);
        Patience = new CancellationTokenSource(options.Limits.IdleConnection, options.Time);
        _end = CancellationTokenSource.CreateLinkedTokenSource(stop, Patience.Token);
    }

    private CancellationTokenSource Patience { get; }

    /// <summary>The connection is to end.</summary>
    public CancellationToken Ended => _end.Token;

    public int QueuedBytes => _limits.QueuedBytes;

    /// <summary>It has an allocation now, or none any more.</summary>
    public void Settled(bool settled)
    {
        lock (_settling)
        {
            if (_over || settled == _settled)
                return;
            _settled = settled;
            Patience.CancelAfter(settled ? Timeout.InfiniteTimeSpan : _limits.IdleConnection);
        }

        if (settled)
            _newcomers.Leave(_remote);
        else
            _newcomers.Enter(_remote);
    }

    /// <summary>Ends it now; not on the caller's thread, which may hold what the end needs.</summary>
    public void Cut()
    {
        lock (_settling)
        {
            if (!_over)
                _end.CancelAfter(TimeSpan.Zero);
        }
    }

    /// <summary>What becomes of connections, and is nobody's fault here.</summary>
    public static bool IsLoss(Exception fault) =>
        fault
            is IOException
                or OperationCanceledException
                or ObjectDisposedException
                or SocketException
                or AuthenticationException
                or InvalidOperationException { Source: "System.IO.Pipelines" };

    public void Dispose()
    {
        bool settled;
        lock (_settling)
        {
            _over = true;
            settled = _settled;
        }

        if (!settled)
            _newcomers.Leave(_remote);
        _end.Dispose();
        Patience.Dispose();
    }
}

/// <summary>Connections without an allocation: all together, and by the IPv4 address or IPv6 /64 that they come from.</summary>
internal sealed class Newcomers(RelayLimits limits)
{
    private readonly Lock _counting = new();
    private readonly Dictionary<TransportAddress, int> _counts = [];
    private int _all;

    /// <summary>One more, unless there are too many already.</summary>
    public bool TryEnter(TransportAddress remote)
    {
        lock (_counting)
        {
            if (
                _all >= limits.IdleConnections
                || _counts.GetValueOrDefault(remote.Household()) >= limits.IdleConnectionsPerAddress
            )
                return false;
            Count(remote, 1);
            return true;
        }
    }

    /// <summary>One more, that was here before.</summary>
    public void Enter(TransportAddress remote)
    {
        lock (_counting)
            Count(remote, 1);
    }

    public void Leave(TransportAddress remote)
    {
        lock (_counting)
            Count(remote, -1);
    }

    private void Count(TransportAddress remote, int by)
    {
        TransportAddress address = remote.Household();
        _all += by;
        int count = _counts.GetValueOrDefault(address) + by;
        if (count == 0)
            _counts.Remove(address);
        else
            _counts[address] = count;
    }
}
