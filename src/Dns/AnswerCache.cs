namespace Dns;

/// <summary>Answers while they hold, and no more of them than was said. Time is the one that only goes forward.</summary>
internal sealed class AnswerCache(int capacity, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(DomainName, RecordType), Entry> _entries = [];

    private sealed record Entry(Answer Answer, long Since)
    {
        public TimeSpan Left(TimeProvider time) => Answer.TimeToLive - time.GetElapsedTime(Since);
    }

    internal int Count
    {
        get
        {
            lock (_lock)
                return _entries.Count;
        }
    }

    /// <summary>With the time that is left of it; null when there is none.</summary>
    public Answer? Find((DomainName, RecordType) question)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(question, out Entry? entry))
                return null;
            TimeSpan left = entry.Left(time);
            if (left > TimeSpan.Zero)
                return entry.Answer with { TimeToLive = left };
            _entries.Remove(question);
            return null;
        }
    }

    public void Keep((DomainName, RecordType) question, Answer answer)
    {
        if (answer.TimeToLive <= TimeSpan.Zero)
            return;
        lock (_lock)
        {
            if (_entries.Count >= capacity && !_entries.ContainsKey(question))
                MakeRoom();
            _entries[question] = new Entry(answer, time.GetTimestamp());
        }
    }

    // A quarter at once, so that it is not done each time.
    private void MakeRoom()
    {
        foreach (
            var (question, _) in _entries.OrderBy(entry => entry.Value.Left(time)).Take((capacity + 3) / 4).ToList()
        )
            _entries.Remove(question);
    }
}
