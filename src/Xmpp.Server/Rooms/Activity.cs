namespace Xmpp.Server.Rooms;

/// <summary>How much is said in a room: messages of each of the last 24 whole hours (XEP-0502 §5). Nothing on disk.</summary>
internal sealed class Activity
{
    private const int Hours = 24;
    private readonly int[] _counts = new int[Hours + 1];
    private long _first = -1;
    private long _hour;

    public void Note(DateTimeOffset now)
    {
        Turn(now);
        _counts[(int)(_hour % _counts.Length)]++;
    }

    /// <summary>Messages per hour; null while there is no whole hour to tell of.</summary>
    public double? PerHour(DateTimeOffset now)
    {
        if (_first < 0)
            return null;
        Turn(now);
        long known = Math.Min(_hour - _first, Hours);
        if (known == 0)
            return null;
        int sum = 0;
        for (long hour = _hour - known; hour < _hour; hour++)
            sum += _counts[(int)(hour % _counts.Length)];
        return (double)sum / known;
    }

    private void Turn(DateTimeOffset now)
    {
        long hour = now.ToUnixTimeSeconds() / 3600;
        if (_first < 0 || hour < _hour)
        {
            Array.Clear(_counts);
            (_first, _hour) = (hour, hour);
        }
        for (; _hour < hour && hour - _hour <= _counts.Length; _hour++)
            _counts[(int)((_hour + 1) % _counts.Length)] = 0;
        if (_hour < hour)
        {
            Array.Clear(_counts);
            _hour = hour;
        }
    }
}
