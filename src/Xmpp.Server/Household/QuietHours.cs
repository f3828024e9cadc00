using System.Collections.Concurrent;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>
/// Quiet hours of limited accounts (laws, "Limited accounts have guardians"): nothing is delivered or sent except with
/// guardians; it waits in the archive. One timer, set to the next change; none while nobody has quiet hours.
/// </summary>
public sealed class QuietHours : IDisposable
{
    // A clock without battery may jump.
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);
    private readonly XmppServer _server;
    private readonly ConcurrentDictionary<long, Quiet> _all = new();
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private bool _disposed;

    internal QuietHours(XmppServer server)
    {
        _server = server;
        _timer = server.Time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Start();
    }

    // What the last process left: who is in quiet hours now, and messages whose quiet hours ended meanwhile.
    private void Start()
    {
        using (Access access = _server.Stores.Database.OpenRead())
        {
            foreach (var spans in _server.Stores.Household.QuietSpans(access).GroupBy(each => each.Account))
            {
                var quiet = new Quiet { Schedule = Schedule([.. spans.Select(each => each.Span)]) };
                quiet.Now = ShouldBe(access, spans.Key, quiet);
                _all[spans.Key] = quiet;
            }
            foreach (long account in _server.Stores.Archive.Waiting(access))
                if (!_all.GetOrAdd(account, static _ => new Quiet()).Now)
                    Turn(account, false);
        }
        Arm();
    }

    /// <summary>True while only its guardians reach the account.</summary>
    internal bool AreNow(Account account) =>
        account.Oversight is not null && _all.TryGetValue(account.Id, out Quiet? quiet) && quiet.Now;

    /// <summary>Its quiet hours.</summary>
    /// <exception cref="RefusedException">There is nobody of that name.</exception>
    public IReadOnlyList<QuietSpan> Of(string name)
    {
        using Access access = _server.Stores.Database.OpenRead();
        long account = People.Get(_server, access, name).Id;
        return
        [
            .. _server
                .Stores.Household.QuietSpans(access)
                .Where(each => each.Account == account)
                .Select(each => each.Span),
        ];
    }

    /// <summary>Sets them, in the place of all before; none ends them.</summary>
    /// <param name="guardian">Who asks, and watches over the account; null is the house itself.</param>
    /// <exception cref="RefusedException">Nobody of that name, not in this guardian's care, or too many.</exception>
    public async Task SetAsync(string name, IReadOnlyList<QuietSpan> spans, Account? guardian = null)
    {
        await new SettingChange(_server, name, spans, guardian).DoAsync();
        // What begins or ends by it has done so.
        await _server.Stores.Database.SettledAsync();
    }

    private QuietSchedule Schedule(IReadOnlyList<QuietSpan> spans) => new(spans, _server.Options.TimeZone);

    private bool ShouldBe(Access access, long account, Quiet quiet) =>
        quiet.Schedule?.IsQuiet(_server.Time.GetUtcNow()) == true
        && _server.Stores.Accounts.Find(access, account) is { Role: Role.Limited };

    private void Fire()
    {
        try
        {
            Check();
        }
        catch (Exception fault)
        {
            // The house is closing, or it is tried again with the next message or change.
            if (!Volatile.Read(ref _disposed))
                _server.Log.Bug(fault, null);
        }
    }

    /// <summary>Begins and ends what is due; roles or schedules may have changed.</summary>
    internal void Check()
    {
        if (_all.IsEmpty)
            return;
        using (Access access = _server.Stores.Database.OpenRead())
            foreach (var (account, quiet) in _all)
                if (ShouldBe(access, account, quiet) is var should && should != quiet.Now)
                    Turn(account, should);
        Arm();
    }

    /// <summary>A message was to wait, and was written after the quiet hours had ended: it waits no longer.</summary>
    internal void EndedBefore(Account account)
    {
        if (!AreNow(account))
            Turn(account.Id, false);
    }

    private void Turn(long account, bool quiet) =>
        _server.Stores.Database.Enqueue(new QuietTurn(_server, account, _all[account], quiet));

    private void Arm()
    {
        DateTimeOffset now = _server.Time.GetUtcNow();
        TimeSpan? next = null;
        foreach (Quiet quiet in _all.Values)
            if (quiet.Schedule?.NextChange(now) - now is { } left && !(left >= next))
                next = left < _longest ? left : _longest;
        lock (_lock)
            if (!_disposed)
                _timer.Change(next ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Stops watching the clock.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer.Dispose();
        }
    }

    private sealed class SettingChange(
        XmppServer server,
        string name,
        IReadOnlyList<QuietSpan> spans,
        Account? guardian
    ) : Change(server)
    {
        private long _account;

        public override void Write(Transaction transaction)
        {
            if (spans.Count > QuietSchedule.MostSpans)
                throw new RefusedException(Refusal.BadRequest, "These are too many quiet times.");
            _account = Guardians.Ward(Server, transaction, name, guardian).Id;
            Server.Stores.Household.SetQuietSpans(transaction, _account, spans);
        }

        public override void Released()
        {
            QuietHours hours = Server.Home.QuietHours;
            hours._all.GetOrAdd(_account, static _ => new Quiet()).Schedule = hours.Schedule(spans);
            hours.Check();
        }
    }
}
