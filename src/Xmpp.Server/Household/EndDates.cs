using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>
/// Accounts with an end date (laws, "Guests"): past it nobody signs in and sessions end; after a grace the account is
/// removed. One timer, set to the next date; none while no account has one.
/// </summary>
internal sealed class EndDates : IDisposable
{
    /// <summary>Time between an account's end and its removal, for who asks for more.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(14);

    // A clock without battery may jump: nothing is removed that was not over for an hour of passing time.
    private static readonly TimeSpan _confirmation = TimeSpan.FromHours(1);
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);
    private readonly XmppServer _server;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly Dictionary<long, long> _seenOver = [];
    private bool _disposed;

    public EndDates(XmppServer server)
    {
        _server = server;
        _timer = server.Time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm();
    }

    /// <summary>Sets the timer to what comes next.</summary>
    public void Arm()
    {
        DateTimeOffset now = _server.Time.GetUtcNow();
        TimeSpan? next = null;
        foreach (AccountRecord account in Ending())
        {
            TimeSpan left = account.Expires!.Value - now;
            if (left <= TimeSpan.Zero)
                left = left + Grace > _confirmation ? left + Grace : _confirmation;
            next = next < left ? next : left;
        }
        lock (_lock)
            if (!_disposed)
                _timer.Change(
                    next is not { } due ? Timeout.InfiniteTimeSpan
                        : due < _longest ? due
                        : _longest,
                    Timeout.InfiniteTimeSpan
                );
    }

    private IEnumerable<AccountRecord> Ending()
    {
        using Access access = _server.Stores.Database.OpenRead();
        return [.. _server.Stores.Accounts.List(access).Where(account => account.Expires is not null)];
    }

    private void Fire()
    {
        DateTimeOffset now = _server.Time.GetUtcNow();
        foreach (AccountRecord account in Ending())
            if (account.Expires <= now)
                End(account, now);
        Arm();
    }

    private void End(AccountRecord account, DateTimeOffset now)
    {
        foreach (Session session in _server.Accounts.EndSignIns(account.Name))
            session.KickLater(Xmpp.Xml.StreamErrorCondition.NotAuthorized, "the account has ended");
        if (account.Expires + Grace > now)
            return;
        long ticks = _server.Time.GetTimestamp();
        lock (_lock)
            if (
                _seenOver.TryAdd(account.Id, ticks)
                || _server.Time.GetElapsedTime(_seenOver[account.Id], ticks) < _confirmation
            )
                return;
        _server.Stores.Database.Enqueue(new Removal(_server, account, now));
    }

    /// <summary>Stops.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer.Dispose();
        }
    }

    // Looks again inside the transaction: the date may have been moved.
    private sealed class Removal(XmppServer server, AccountRecord account, DateTimeOffset now) : Commit
    {
        private RemovalChange? _change;

        public override void Write(Transaction transaction)
        {
            _change = null;
            DateTimeOffset? end = server.Stores.Accounts.Find(transaction, account.Id)?.Expires;
            if (end is null || end + Grace > now)
                return;
            _change = new RemovalChange(server, account.Name);
            _change.Write(transaction);
        }

        public override void Released() => _change?.Released();

        public override void Failed(Exception error) => server.Log.Bug(error, null);
    }
}
