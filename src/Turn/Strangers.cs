using System.Security.Cryptography;
using Turn.Protocol;

namespace Turn;

/// <summary>
/// How often who has not proved anything is answered: whoever writes another's address into a packet's source makes us send
/// there. A table of fixed size, in which sources may share a place: strangers take no memory.
/// </summary>
internal sealed class Strangers(RelayLimits limits)
{
    private const int Places = 2048;

    private readonly Pace[] _paces = new Pace[Places];
    private readonly int _salt = RandomNumberGenerator.GetInt32(int.MaxValue);
    private readonly long _cost = TimeSpan.TicksPerSecond / Math.Max(1, limits.AnswersPerSecond);

    public bool MayAnswer(in TransportAddress source, long now)
    {
        // IPv6 by /64, which is one household.
        int hash = HashCode.Combine(_salt, source.High, source.IsV6 ? 0 : source.Low);
        ref Pace pace = ref _paces[(uint)hash % Places];
        return Pace.TryTake(ref pace, now, _cost, _cost * Math.Max(1, limits.AnswersAtOnce));
    }
}
