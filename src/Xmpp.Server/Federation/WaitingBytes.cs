using Xmpp.Server.Sessions;

namespace Xmpp.Server.Federation;

/// <summary>
/// Whether all that waits for other servers is too much. What was given since the last count is more than what is left of
/// it: nobody counts for each stanza.
/// </summary>
/// <param name="count">Bytes that wait now.</param>
internal sealed class WaitingBytes(OtherServers others, Func<long> count)
{
    private static readonly TimeSpan _recount = TimeSpan.FromSeconds(1);
    private long _given;
    private long _counted;

    /// <summary>It waits, or goes at once.</summary>
    public void Count(Outgoing item) => Interlocked.Add(ref _given, item.Size);

    public bool AreTooMany
    {
        get
        {
            if (Volatile.Read(ref _given) < others.Options.MostBytesInAll)
                return false;
            TimeProvider time = others.Server.Time;
            long counted = Volatile.Read(ref _counted);
            bool isNew = counted == 0 || time.GetElapsedTime(counted) >= _recount;
            if (!isNew || Interlocked.CompareExchange(ref _counted, time.GetTimestamp(), counted) != counted)
                return true;
            long waiting = count();
            Volatile.Write(ref _given, waiting);
            return waiting >= others.Options.MostBytesInAll;
        }
    }
}
