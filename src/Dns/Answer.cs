namespace Dns;

/// <summary>What became of a question.</summary>
public enum AnswerStatus
{
    /// <summary>There are records of the type that was asked for.</summary>
    Found,

    /// <summary>The name exists, and has none of that type (RFC 2308 §2.2).</summary>
    NoData,

    /// <summary>There is no such name (RFC 2308 §2.1).</summary>
    NoSuchName,

    /// <summary>Nobody could tell: <see cref="Answer.Why"/>.</summary>
    Failed,
}

/// <summary>The answer to a question, aliases followed.</summary>
/// <param name="Name">Where the aliases (CNAME) of the name that was asked for lead; itself when it has none.</param>
public sealed record Answer(AnswerStatus Status, DomainName Name)
{
    /// <summary>Those of the type that was asked for, in the order in which they came; their times to live as they came.</summary>
    public IReadOnlyList<Record> Records { get; init; } = [];

    /// <summary>How long the answer still holds; nothing for one that may not be kept.</summary>
    public TimeSpan TimeToLive { get; init; }

    /// <summary>
    /// A resolver that is trusted for it has proved all of it (AD, RFC 4035 §3.2.3), what is missing included.
    /// </summary>
    public bool Authenticated { get; init; }

    /// <summary>Why it failed, for a log; null otherwise.</summary>
    public string? Why { get; init; }

    /// <summary>What the records say.</summary>
    public IEnumerable<T> Data<T>()
        where T : RecordData => Records.Select(record => record.Data).OfType<T>();
}
