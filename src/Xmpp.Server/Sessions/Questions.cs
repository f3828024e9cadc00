using System.Globalization;
using Xmpp.Stanzas;

namespace Xmpp.Server.Sessions;

/// <summary>
/// IQs that the server itself sends to one client, with what follows the answer. They live and end with the session, so
/// an answer counts only from whom it was asked of (security.md, "Identity").
/// </summary>
internal sealed class Questions(Session session)
{
    /// <summary>A client that answers none is not asked more.</summary>
    private const int MostOpen = 16;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Action<Stanza>> _open = [];
    private int _last;

    /// <summary>Asks; <paramref name="answered"/> gets the result or error, never before this returns to its caller's order.</summary>
    public void Ask(ReadOnlyMemory<byte> payload, Action<Stanza> answered)
    {
        string id;
        lock (_lock)
        {
            if (_open.Count >= MostOpen)
                return;
            id = "ask" + (++_last).ToString(CultureInfo.InvariantCulture);
            _open[id] = answered;
        }
        session.Deliver(
            new Stanza
            {
                Kind = StanzaKind.Iq,
                Type = StanzaType.Get,
                Id = id,
                From = session.Server.Address,
                To = session.Jid,
                Payload = payload,
            }
        );
    }

    /// <summary>The client sent a result or error to the server; what was not asked is nothing.</summary>
    public void Answered(Stanza iq)
    {
        Action<Stanza>? answered;
        lock (_lock)
            _open.Remove(iq.Id!, out answered);
        answered?.Invoke(iq);
    }
}
