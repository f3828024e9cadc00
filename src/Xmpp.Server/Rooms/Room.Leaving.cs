using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Rooms;

/// <summary>Leaving (XEP-0045 §7.14), and what becomes of a room that nobody is in.</summary>
internal sealed partial class Room
{
    // §7.14; also what the server sends as a session ends.
    private void Leave(Origin origin, Stanza presence, Seat? seat)
    {
        if (seat is null)
        {
            origin.Perform(presence, Effect.None);
            return;
        }
        var post = new Post(_server);
        Depart(
            post,
            seat,
            new Announcement(seat)
            {
                Said = Foreign.Without(presence),
                IsUnavailable = true,
                IsRemoved = true,
            }
        );
        origin.Perform(presence, Emptied(post));
    }

    // §7.14, §18.3: a fault says that nobody is behind the address any more.
    private void Fail(Origin origin, Stanza stanza, Seat? seat)
    {
        if (seat is null)
        {
            origin.Perform(stanza, Effect.None);
            return;
        }
        var post = new Post(_server);
        var news = new Announcement(seat)
        {
            Said = Bare(stanza),
            IsUnavailable = true,
            IsRemoved = true,
            Codes = [307, 333],
        };
        Depart(post, seat, news);
        origin.Perform(stanza, Emptied(post));
    }

    /// <summary>The server at the domain is lost, and with it who was here from there (§18.3).</summary>
    public void Lose(string domain)
    {
        foreach (Seat seat in _audience)
            if (seat.Session is null && seat.Jid.Domain == domain)
                TryTakePresence(
                    Origin.Elsewhere(_server, seat.Jid),
                    Presences.Plain(StanzaType.Error, seat.Jid, seat.Occupant.Address),
                    default
                );
    }

    /// <summary>One session goes; the others of its nick stay, and speak for it.</summary>
    private void Depart(Post post, Seat seat, Announcement farewell)
    {
        Occupant occupant = seat.Occupant;
        if (occupant.Seats.Count == 1)
        {
            Announce(post, farewell);
            GiveUpSeat(seat);
            return;
        }
        post.Add(seat, farewell.For(seat, seesAddresses: true));
        GiveUpSeat(seat);
        Announce(post, new Announcement(occupant.Seats[^1]));
    }

    /// <summary>
    /// A room that nobody is in, and that is not to stay, goes (§10.9; §10.1.1 for one never opened). It outlives the
    /// process, whose end puts everybody out.
    /// </summary>
    private Effect Emptied(Post post)
    {
        if (_seats.Count > 0 || _server.IsStopping || (Is(RoomFlags.Persistent) && !IsLocked))
            return post;
        IsGone = true;
        return new Removal(this, post);
    }
}
