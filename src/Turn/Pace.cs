namespace Turn;

/// <summary>
/// How much may pass in a time, kept in one number (the generic cell rate algorithm): no lock, and no timer that refills.
/// </summary>
internal struct Pace
{
    private long _due;

    /// <summary>Takes an amount, or says that it would be too much.</summary>
    /// <param name="now">Ticks of 100 ns.</param>
    /// <param name="cost">What it takes of the time, in ticks: amount by rate.</param>
    /// <param name="burst">How many ticks may be taken at once.</param>
    public static bool TryTake(ref Pace pace, long now, long cost, long burst)
    {
        while (true)
        {
            long due = Volatile.Read(ref pace._due);
            long next = Math.Max(due, now) + cost;
            if (next - now > burst)
                return false;
            if (Interlocked.CompareExchange(ref pace._due, next, due) == due)
                return true;
        }
    }
}
