using Dns.Protocol;

namespace Dns;

/// <summary>
/// A stub resolver (RFC 1034 §5.3.1): asks the servers that the system or its owner names, over UDP and TCP, and keeps what
/// they say while it holds.
/// </summary>
/// <remarks>
/// <code>
/// question → local name? → kept? → being asked already? → servers, in rounds → alias? ask on → kept → answer
/// </code>
/// </remarks>
public sealed class Resolver : IDisposable
{
    private readonly ResolverOptions _options;
    private readonly Exchange _exchange;
    private readonly AnswerCache _cache;
    private readonly LocalNames? _local;
    private readonly WatchedFile<Upstream>? _configuration;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationToken _ended;
    private readonly Lock _lock = new();
    private readonly Dictionary<(DomainName, RecordType), Task<Answer>> _asking = [];
    private Servers? _servers;

    /// <exception cref="ArgumentException">An option cannot be used; the message says which.</exception>
    public Resolver(ResolverOptions options)
    {
        if (options.Fault() is { } fault)
            throw new ArgumentException(fault, nameof(options));
        _options = options;
        _ended = _end.Token;
        _exchange = new Exchange(options.Time);
        _cache = new AnswerCache(options.CacheEntries, options.Time);
        if (options.Servers.Count > 0)
        {
            var upstream = new Upstream(options.Servers, options.Timeout, options.Attempts, options.Validating);
            _servers = new Servers(upstream, _exchange);
            return;
        }

        _local = new LocalNames(new(options.Hosts, HostsFile.Parse, options.Time));
        _configuration = new(options.ResolverConfiguration, text => Upstream.Parse(text, options), options.Time);
    }

    /// <summary>Asks for the records of a name, which is taken as it is: no search list is tried.</summary>
    /// <param name="name">In A-labels where it has other letters than ASCII's.</param>
    /// <returns>Never faulted by what servers do: <see cref="AnswerStatus.Failed"/> says why there is no answer.</returns>
    /// <exception cref="OperationCanceledException">Cancelled by the caller, or the resolver was disposed of.</exception>
    public async Task<Answer> QueryAsync(DomainName name, RecordType type, CancellationToken cancellation = default)
    {
        if (_local?.Find(name, type) is { } local)
            return local;
        Task<Answer> asking;
        lock (_lock)
        {
            if (_cache.Find((name, type)) is { } kept)
                return kept;
            // Who else asks the same meanwhile waits for the same answer; it is fetched also when nobody waits any more.
            if (!_asking.TryGetValue((name, type), out asking!))
            {
                asking = Task.Run(() => AskAsync(name, type), _ended);
                _asking[(name, type)] = asking;
            }
        }

        return await asking.WaitAsync(cancellation);
    }

    /// <inheritdoc cref="QueryAsync(DomainName, RecordType, CancellationToken)"/>
    /// <exception cref="FormatException">It is no name.</exception>
    public Task<Answer> QueryAsync(string name, RecordType type, CancellationToken cancellation = default) =>
        QueryAsync(DomainName.Parse(name), type, cancellation);

    private async Task<Answer> AskAsync(DomainName name, RecordType type)
    {
        Answer? answer = null;
        try
        {
            answer = await FollowAsync(new Question(name, type), _ended);
            return answer;
        }
        finally
        {
            lock (_lock)
            {
                if (answer is not null)
                    _cache.Keep((name, type), answer);
                _asking.Remove((name, type));
            }
        }
    }

    private async Task<Answer> FollowAsync(Question question, CancellationToken cancellation)
    {
        Servers servers = CurrentServers();
        int aliases = 0;
        uint seconds = uint.MaxValue;
        bool authenticated = true;
        while (true)
        {
            Servers.Reply reply = await servers.AskAsync(question, cancellation);
            if (reply.Message is not { } message)
                return Failed(question.Name, reply.Fault!);
            AnswerReader.Reading reading = AnswerReader.Read(message, question);
            authenticated &= reply.Trusted && message.Has(MessageFlags.AuthenticData);
            seconds = Math.Min(seconds, reading.Seconds);
            aliases += reading.Aliases;
            if (reading.Why is not null || aliases > AnswerReader.MostAliases)
                return Failed(question.Name, reading.Why ?? "its aliases do not end");
            if (reading.Status is { } status)
                return new Answer(status, reading.Name)
                {
                    Records = reading.Records,
                    TimeToLive = Capped(status, seconds),
                    Authenticated = authenticated,
                };
            question = question with { Name = reading.Name };
        }
    }

    private TimeSpan Capped(AnswerStatus status, uint seconds)
    {
        TimeSpan most = status == AnswerStatus.Found ? _options.LongestTimeToLive : _options.LongestNegative;
        var said = TimeSpan.FromSeconds(seconds);
        return said < most ? said : most;
    }

    private Answer Failed(DomainName name, string why) =>
        new(AnswerStatus.Failed, name) { Why = why, TimeToLive = _options.FailureTime };

    private Servers CurrentServers()
    {
        if (_configuration is null)
            return _servers!;
        Upstream upstream = _configuration.Value;
        lock (_lock)
        {
            if (_servers is null || !ReferenceEquals(_servers.Upstream, upstream))
                _servers = new Servers(upstream, _exchange);
            return _servers;
        }
    }

    /// <summary>Ends what is being asked.</summary>
    public void Dispose()
    {
        if (_ended.IsCancellationRequested)
            return;
        _end.Cancel();
        _end.Dispose();
    }
}
