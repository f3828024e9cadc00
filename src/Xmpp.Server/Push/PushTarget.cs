using Xmpp.Addresses;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Push;

/// <summary>
/// One registration while its account is in memory, with what its device was told since it was last there: so that it is
/// told once, and not for each message.
/// </summary>
internal sealed class PushTarget(PushRegistration registration, bool isOwn, TimeProvider time)
{
    /// <summary>Of one conversation the web client is told so often, since what it shows is a text.</summary>
    public static readonly TimeSpan Repeat = TimeSpan.FromMinutes(1);

    /// <summary>Calls in <see cref="Repeat"/>: who calls again and again is not louder than that.</summary>
    public const int MostCalls = 6;

    /// <summary>Conversations that a device is told of before it comes back.</summary>
    private const int MostConversations = 50;

    private readonly Lock _lock = new();
    private Dictionary<Jid, (Urgency Urgency, long At)>? _told;
    private long _callsSince;
    private int _calls;
    private int _missed;

    public PushRegistration Registration => registration;
    public long Device => registration.Device;

    /// <summary>At the box's own app server.</summary>
    public bool IsOwn => isOwn;

    /// <summary>Notices since the device was there.</summary>
    public int Missed => Volatile.Read(ref _missed);

    /// <summary>How often in a row its app server had no time; for the writer's thread.</summary>
    public int Failures { get; set; }

    /// <summary>Counts it; true when the device is to be told now.</summary>
    public bool Wants(Notice notice)
    {
        long now = time.GetTimestamp();
        lock (_lock)
        {
            _missed++;
            if (notice.IsCall)
                return WantsCall(now);
            // Who learns only that there is something learns it once.
            Jid about = isOwn ? notice.Conversation : registration.Service;
            _told ??= [];
            bool known = _told.TryGetValue(about, out var last);
            bool again = isOwn && time.GetElapsedTime(last.At, now) >= Repeat;
            if (known && last.Urgency >= notice.Urgency && !again)
                return false;
            if (!known && _told.Count >= MostConversations)
                return false;
            _told[about] = (notice.Urgency, now);
            return true;
        }
    }

    private bool WantsCall(long now)
    {
        if (_calls == 0 || time.GetElapsedTime(_callsSince, now) >= Repeat)
            (_calls, _callsSince) = (0, now);
        return _calls++ < MostCalls;
    }

    /// <summary>The device was not reached after all: the next notice tries again.</summary>
    public void NotTold()
    {
        lock (_lock)
            _told = null;
    }

    /// <summary>The device is there.</summary>
    public void CameBack()
    {
        lock (_lock)
            (_told, _missed, _calls) = (null, 0, 0);
    }
}
