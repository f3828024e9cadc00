using System.Security.Cryptography;
using Turn.Protocol;

namespace Turn;

/// <summary>
/// How often who has not proved anything is answered: whoever writes another's address into a packet's source makes us send
/// there. Who is at the address that it says (it has our nonce, or a connection) has a share that nobody else takes. Tables of
/// fixed size, in which sources may share a place: strangers take no memory.
/// </summary>
internal sealed class Strangers(RelayLimits limits)
{
    private const int Places = 2048;

    private readonly Pace[] _unseen = new Pace[Places];
    private readonly Pace[] _seen = new Pace[Places];
    private readonly int _salt = RandomNumberGenerator.GetInt32(int.MaxValue);
    private readonly long _cost = TimeSpan.TicksPerSecond / Math.Max(1, limits.AnswersPerSecond);

    /// <summary>May what came from there be answered?</summary>
    /// <param name="seen">Who asks is there for certain.</param>
    public bool MayAnswer(in TransportAddress source, bool seen, long now) =>
        MayTake(seen ? _seen : _unseen, source, now);

    /// <summary>May who is there try a credential, which takes its time to check?</summary>
    public bool MayTry(in TransportAddress source, long now) => MayTake(_seen, source, now);

    private bool MayTake(Pace[] paces, in TransportAddress source, long now)
    {
        // IPv6 by /64, which is one household.
        int hash = HashCode.Combine(_salt, source.High, source.IsV6 ? 0 : source.Low);
        ref Pace pace = ref paces[(uint)hash % Places];
        return Pace.TryTake(ref pace, now, _cost, _cost * Math.Max(1, limits.AnswersAtOnce));
    }
}
