using System.Security.Cryptography;
using Xmpp.Addresses;

namespace Xmpp.Server.Rooms;

/// <summary>An IQ that a room has passed on from one occupant to another: an answer counts only from whom it was asked of.</summary>
internal sealed record RelayedIq(Jid Asker, string Id, Jid Target, Jid Asked);

/// <summary>Those without an answer yet; of too many the oldest is forgotten. The room locks it.</summary>
internal sealed class RelayedIqs
{
    private const int Most = 256;
    private readonly Dictionary<string, RelayedIq> _open = [];
    private readonly Queue<string> _order = new();

    public string Add(RelayedIq iq)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        _open[id] = iq;
        _order.Enqueue(id);
        if (_order.Count > Most)
            _open.Remove(_order.Dequeue());
        return id;
    }

    public RelayedIq? Take(string? id, Jid from) =>
        id is not null && _open.TryGetValue(id, out RelayedIq? iq) && iq.Asked == from && _open.Remove(id) ? iq : null;
}
