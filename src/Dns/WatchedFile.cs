namespace Dns;

/// <summary>
/// What stands in a file that others change, a link or not. Looked at when it is asked for, and at most once a second: a box
/// at home keeps no watcher for a file that changes once a year. A missing file is an empty one.
/// </summary>
internal sealed class WatchedFile<T>(string path, Func<string, T> parse, TimeProvider time)
    where T : class
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private (DateTime Written, long Length)? _seen;
    private long _looked;
    private T? _value;

    public T Value
    {
        get
        {
            lock (_lock)
            {
                if (_value is null || time.GetElapsedTime(_looked) >= _interval)
                    Look();
                return _value ??= parse("");
            }
        }
    }

    private void Look()
    {
        _looked = time.GetTimestamp();
        try
        {
            (DateTime, long)? now = Now();
            if (now == _seen)
                return;
            _value = parse(now is null ? "" : File.ReadAllText(path));
            _seen = now;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Being replaced just now, or not to be read: what was known holds, and the next look tells.
        }
    }

    private (DateTime Written, long Length)? Now()
    {
        if (!File.Exists(path))
            return null;
        string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        var file = new FileInfo(target);
        return (file.LastWriteTimeUtc, file.Length);
    }
}
