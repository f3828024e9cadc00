using System.Buffers;

namespace Xmpp.Server.Streams.Bosh;

internal sealed partial class BoshSession
{
    // In the order of their ids: with what is ready, or empty where none may wait any longer.
    private void Answer()
    {
        while (_waiting.Count > 0)
        {
            var (rid, oldest) = _waiting.First();
            if (rid > _last && !_over)
                break;
            bool opening = rid == _first && !_created && !_over;
            bool something = (_ready.WrittenCount > 0 || IsLastWord) && !_paused;
            if (!something && (opening || !MustAnswer(oldest)))
                break;
            _waiting.Remove(rid);
            _idle = oldest.Request.IsEmpty && !something;
            Finish(rid, oldest, Compose(rid));
        }
        Arm();
    }

    // The session's end, told once.
    private bool IsLastWord => !_told && (_condition is not null || Transport.IsClosed);

    private bool MustAnswer(Waiting oldest)
    {
        if (_over || _paused || oldest.Deadline <= _time.GetTimestamp())
            return true;
        // §13: the end is told to the oldest.
        if (_terminating)
            return false;
        int held = _waiting.Keys.Count(rid => rid <= _last);
        return held > _terms.Hold && Transport.Queued <= HighWater;
    }

    private byte[] Compose(long rid)
    {
        ReadOnlySpan<byte> payloads = _paused ? default : _ready.WrittenSpan;
        bool opening = rid == _first && !_created;
        bool ends = !_paused && IsLastWord;
        byte[] body = BoshResponse.Wrap(
            payloads,
            builder =>
            {
                if (opening)
                    _terms.Write(builder, Transport.Header);
                if (ends)
                    builder.Attribute("type", "terminate").Attribute("condition", Condition);
            }
        );
        _created |= opening;
        _told |= ends;
        if (!_paused)
            Taken();
        return body;
    }

    private string? Condition => _condition ?? (Transport.HasError ? "remote-stream-error" : null);

    private void Taken()
    {
        _ready.ResetWrittenCount();
        _taken?.TrySetResult();
        _taken = null;
    }

    private void Finish(long rid, Waiting waiting, byte[] body)
    {
        _answered.Enqueue((rid, body));
        if (_answered.Count > _terms.Requests)
            _answered.Dequeue();
        _silentSince = _time.GetTimestamp();
        waiting.Answer.TrySetResult(body);
    }

    /// <summary>Output to send; completes when a response has taken it.</summary>
    public Task Offer(ReadOnlySpan<byte> output)
    {
        lock (_lock)
        {
            if (_forgotten || _condition is not null)
                throw new IOException("the session is over");
            _ready.Write(output);
            if (_ready.WrittenCount == 0 && !Transport.IsClosed)
                return Task.CompletedTask;
            _taken ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task taken = _taken.Task;
            Answer();
            return taken;
        }
    }

    /// <summary>The server has read some of what waited.</summary>
    public void InputTaken()
    {
        lock (_lock)
            if (!_over)
                Answer();
    }
}
