namespace Xmpp.Server.Federation;

/// <summary>Opens streams to other servers: only so many at once, and none takes for ever.</summary>
internal sealed class Outreach(OtherServers others) : IDisposable
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(60);

    // What the house wants, and what strangers make it ask: neither waits for the other.
    private readonly SemaphoreSlim _connects = new(others.Options.ConnectsAtOnce);
    private readonly SemaphoreSlim _verifies = new(others.Options.ConnectsAtOnce);

    /// <summary>A stream on which we have proved who we are.</summary>
    /// <exception cref="PeerException">There is none to be had now.</exception>
    public async Task<OutgoingStream> ReachAsync(string local, string remote)
    {
        CancellationToken stopping = others.Server.Stopping;
        Reaching.Reached reached = await OpenAsync(local, remote, _connects, stopping);
        return await OutgoingStream.AuthenticateAsync(others, local, remote, reached, stopping);
    }

    /// <summary>A stream on which a key is asked about.</summary>
    /// <exception cref="PeerException">There is none to be had now.</exception>
    public Task<Reaching.Reached> OpenToVerifyAsync(string local, string remote, CancellationToken cancellation) =>
        OpenAsync(local, remote, _verifies, cancellation);

    // A stream on which nothing was said yet.
    private async Task<Reaching.Reached> OpenAsync(
        string local,
        string remote,
        SemaphoreSlim slots,
        CancellationToken cancellation
    )
    {
        using var patience = new CancellationTokenSource(_longest, others.Server.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await slots.WaitAsync(both.Token);
            try
            {
                return await new Reaching(others, local, remote).ReachAsync(both.Token);
            }
            finally
            {
                slots.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PeerException(PeerFault.Unreachable, "it takes too long");
        }
    }

    public void Dispose()
    {
        _connects.Dispose();
        _verifies.Dispose();
    }
}
