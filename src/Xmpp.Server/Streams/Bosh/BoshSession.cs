using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Xmpp.Xml;

namespace Xmpp.Server.Streams.Bosh;

/// <summary>
/// One BOSH session: requests in the order of their ids, of which as many wait as the client allows, until there is
/// something to say or their time is over (XEP-0124 §8, §14); answers are kept to be sent again.
/// </summary>
internal sealed partial class BoshSession
{
    /// <summary>Input beyond this makes the client wait for its answers.</summary>
    private const int HighWater = 64 << 10;

    /// <summary>What an element takes in memory beside its bytes.</summary>
    private const int Overhead = 256;

    private readonly Lock _lock = new();
    private readonly BoshTerms _terms;
    private readonly BoshKeys _keys = new();
    private readonly TimeProvider _time;
    private readonly Action _forget;
    private readonly ITimer _timer;
    private readonly SortedDictionary<long, Waiting> _waiting = [];
    private readonly Queue<(long Rid, byte[] Body)> _answered = new();
    private readonly ArrayBufferWriter<byte> _ready = new(256);
    private readonly long _first;
    private TaskCompletionSource? _taken;
    private long _last;
    private long _silentSince;
    private TimeSpan _patience;
    private string? _condition;
    private bool _paused;
    private bool _created;
    private bool _terminating;
    private bool _told;
    private bool _over;
    private bool _forgotten;
    private bool _idle;
    private long _asked;

    /// <summary>A request without an answer.</summary>
    private sealed record Waiting(BoshRequest Request, long Deadline, TaskCompletionSource<byte[]> Answer);

    /// <param name="forget">The session is no more.</param>
    public BoshSession(BoshTerms terms, BoshRequest first, TimeProvider time, Action forget)
    {
        (_terms, _time, _forget, _patience) = (terms, time, forget, terms.Inactivity);
        (_first, _last, _silentSince) = (first.Rid, first.Rid - 1, time.GetTimestamp());
        Transport = new BoshTransport(this, terms.Remote, terms.IsSecure, new XmlLimits());
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public BoshTransport Transport { get; }

    /// <summary>The stream's whole life.</summary>
    public Task Served { get; private set; } = Task.CompletedTask;
    public BoshTerms Terms => _terms;

    public void Serve(XmppServer server) => Served = Task.Run(() => server.ServeAsync(Transport));

    // ---- requests ----

    /// <summary>The answer to a request, when its time has come.</summary>
    public Task<byte[]> HandleAsync(BoshRequest request)
    {
        lock (_lock)
        {
            if (TryAgain(request, out Task<byte[]>? again))
                return again;
            if (_over)
                return Task.FromResult(Farewell());
            if (Misuse(request) is { } condition)
                return Task.FromResult(Break(condition));
            TimeSpan patience = request.Rid == _first ? BoshTerms.MostWait : _terms.Wait;
            var waiting = new Waiting(request, _time.GetTimestamp() + Ticks(patience), New());
            _waiting.Add(request.Rid, waiting);
            while (!_over && _waiting.TryGetValue(_last + 1, out Waiting? next))
                Take(next.Request);
            Answer();
            return waiting.Answer.Task;
        }
    }

    // §14.3: what was answered is answered the same again; what waits is waited for by the newer connection.
    private bool TryAgain(BoshRequest request, [NotNullWhen(true)] out Task<byte[]>? answer)
    {
        answer = null;
        foreach (var (rid, body) in _answered)
            if (rid == request.Rid)
                answer = Task.FromResult(body);
        if (answer is not null)
            return true;
        if (!_waiting.TryGetValue(request.Rid, out Waiting? old))
            return false;
        Waiting newer = old with { Answer = New() };
        _waiting[request.Rid] = newer;
        old.Answer.SetResult(BoshResponse.Recoverable());
        answer = newer.Answer.Task;
        return true;
    }

    // §11, §12, §14.2; null when the request keeps to the terms. One more may come to pause or end the session.
    private string? Misuse(BoshRequest request)
    {
        int most = _terms.Requests + (request.Terminates || request.Pause is not null ? 1 : 0);
        if (request.Rid <= _last || request.Rid > _last + most)
            return "item-not-found";
        if (_waiting.Count >= most || request.Size > Transport.Limits.Bytes + BoshTerms.Wrapper)
            return "policy-violation";
        // Who waits for no answer, because it polls or pauses, cannot be made to wait.
        if (Transport.Queued > HighWater + 2 * Transport.Limits.Bytes)
            return "policy-violation";
        long now = _time.GetTimestamp();
        bool tooSoon =
            _terms.IsPolling
            && request is { IsEmpty: true, Terminates: false, Pause: null }
            && _idle
            && _time.GetElapsedTime(_asked, now) < BoshTerms.Polling;
        (_idle, _asked) = (false, now);
        return tooSoon ? "policy-violation" : null;
    }

    private void Take(BoshRequest request)
    {
        _last = request.Rid;
        _paused = false;
        _patience = _terms.Inactivity;
        if (!_keys.Accepts(request))
        {
            End("item-not-found");
            return;
        }
        if (request.Rid == _first || request.Restarts)
            Transport.Feed(new StreamInput(StreamEvent.Opened, request.Body), request.Size + Overhead);
        else
            Feed(request);
        if (request.Terminates)
        {
            _terminating = true;
            Transport.Feed(StreamInput.Closed);
        }
        if (request.Pause is { } pause and > 0 && pause <= BoshTerms.MostPause.TotalSeconds)
            (_paused, _patience) = (true, TimeSpan.FromSeconds(pause));
    }

    private void Feed(BoshRequest request)
    {
        try
        {
            foreach (Element payload in request.Payloads(Transport.Limits))
                Transport.Feed(new StreamInput(StreamEvent.Element, payload), payload.Bytes.Length + Overhead);
        }
        catch (StreamErrorException fault)
        {
            Transport.Feed(fault);
        }
    }

    // ---- time ----

    private void Arm()
    {
        if (_forgotten)
            return;
        long due = _waiting.Count > 0 ? _waiting.Values.First().Deadline : _silentSince + Ticks(_patience);
        TimeSpan left = _time.GetElapsedTime(_time.GetTimestamp(), due);
        _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_forgotten)
                return;
            if (_waiting.Count == 0 && _time.GetElapsedTime(_silentSince) >= _patience)
            {
                Transport.Feed(StreamInput.Lost);
                Forget();
                return;
            }
            GiveUpGap();
            Answer();
        }
    }

    // A request whose predecessor never came: both are to be sent again.
    private void GiveUpGap()
    {
        if (_waiting.Count == 0)
            return;
        var (rid, oldest) = _waiting.First();
        if (rid <= _last || oldest.Deadline > _time.GetTimestamp())
            return;
        _waiting.Remove(rid);
        _silentSince = _time.GetTimestamp();
        oldest.Answer.SetResult(BoshResponse.Recoverable());
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);

    // ---- the end ----

    // Ours, because the client does not keep to the terms: the stream below is lost, and may be resumed.
    private byte[] Break(string condition)
    {
        End(condition);
        Answer();
        return BoshResponse.Terminate(condition);
    }

    private void End(string condition)
    {
        _condition ??= condition;
        _over = true;
        Taken();
        Transport.Feed(StreamInput.Lost);
    }

    /// <summary>The stream has ended: what waits is answered, and the last word is kept a while for who asks late.</summary>
    public void Over()
    {
        lock (_lock)
        {
            _over = true;
            Answer();
            if (_ready.WrittenCount == 0 && _taken is null)
                Forget();
        }
    }

    private byte[] Farewell()
    {
        byte[] body = BoshResponse.Terminate(Condition, _ready.WrittenSpan);
        Forget();
        return body;
    }

    private void Forget()
    {
        if (_forgotten)
            return;
        _forgotten = true;
        Taken();
        _timer.Dispose();
        _forget();
    }

    private static TaskCompletionSource<byte[]> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
