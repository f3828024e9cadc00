using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Xmpp.Addresses;
using Xmpp.Addresses.Precis;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>
/// One room (XEP-0045). Whatever it does, it does under its lock, in which it checks, changes its memory and queues what
/// is to be written and sent; nothing is awaited there, so its order is that of the commits (README.md).
/// </summary>
internal sealed partial class Room
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Occupant> _occupants = new(StringComparer.Ordinal);
    private readonly Dictionary<Jid, Seat> _seats = [];
    private readonly Dictionary<Jid, AffiliationRecord> _affiliations = [];
    private readonly RoomService _service;
    private readonly XmppServer _server;
    private ImmutableArray<Seat> _audience = [];
    private long _id;

    /// <param name="record">With id 0 for one that is still to be written.</param>
    /// <param name="lastMessage">At least as new as all that is in its archive.</param>
    public Room(
        RoomService service,
        RoomRecord record,
        IEnumerable<AffiliationRecord> affiliations,
        long lastMessage = 0
    )
    {
        _lastReleased = lastMessage;
        (_service, _server, Record, _id) = (service, service.Server, record, record.Id);
        Address = service.AddressOf(record.Name);
        foreach (AffiliationRecord affiliation in affiliations)
            _affiliations[affiliation.Who] = affiliation;
    }

    public Jid Address { get; }

    /// <summary>As it is in the room's own order; written with the commit that changes it.</summary>
    public RoomRecord Record { get; private set; }

    /// <summary>Waits for its owner to configure it; nobody else enters (XEP-0045 §10.1).</summary>
    public bool IsLocked { get; private set; }

    /// <summary>Is not there any more: whoever looks for the name finds another, or none.</summary>
    public bool IsGone { get; private set; }

    public int Occupancy => Volatile.Read(ref _occupancy);
    private int _occupancy;

    private bool Is(RoomFlags flag) => Record.Is(flag);

    /// <summary>Its number, known once it was written; read in a transaction.</summary>
    private long Id =>
        Volatile.Read(ref _id) is > 0 and var id ? id : throw new StorageException("The room was not written.");

    // ---- who is who; under the lock ----

    /// <summary>The affiliation of a bare address. A circle's room has those of its circle (laws, "Circles are computed").</summary>
    private RoomAffiliation AffiliationOf(Jid person)
    {
        if (Record.Circle is { } circle)
            return _service.AffiliationIn(circle, person);
        if (_affiliations.TryGetValue(person, out AffiliationRecord? known))
            return known.Affiliation;
        // §9.2: whole domains can be banned.
        return
            _affiliations.Count > 0
            && _affiliations.TryGetValue(_service.DomainOf(person), out known)
            && known.Affiliation == RoomAffiliation.Outcast
            ? RoomAffiliation.Outcast
            : RoomAffiliation.None;
    }

    /// <summary>Has a right to be in the room: no outcast, and affiliated where that is needed.</summary>
    private bool MayEnter(RoomAffiliation affiliation) =>
        affiliation != RoomAffiliation.Outcast && (!Is(RoomFlags.MembersOnly) || affiliation != RoomAffiliation.None);

    private bool IsModerated => Is(RoomFlags.Moderated);

    private bool SeesAddresses(Occupant viewer) => Is(RoomFlags.NonAnonymous) || viewer.Role == RoomRole.Moderator;

    private Occupant? FindOccupant(string nick) =>
        KeyOf(nick) is { } key && _occupants.GetValueOrDefault(key) is { } occupant && occupant.Nick == nick
            ? occupant
            : null;

    /// <summary>What two nicks have in common that people would take for the same (RFC 8266); null when it is none.</summary>
    private static string? KeyOf(string nick) => Nickname.TryPrepareKey(nick, out string? key) ? key : null;

    /// <summary>The sender's place in the room.</summary>
    /// <exception cref="StanzaErrorException"><c>not-acceptable</c>: it has none.</exception>
    private Seat SeatOf(Jid sender) =>
        _seats.GetValueOrDefault(sender)
        ?? throw new StanzaErrorException(StanzaError.NotAcceptable("not in the room"));

    // ---- coming and going; under the lock ----

    private void TakeSeat(Seat seat)
    {
        Occupant occupant = seat.Occupant;
        if (occupant.Seats.Count == 0)
            _occupants.Add(KeyOf(occupant.Nick)!, occupant);
        occupant.Seats.Add(seat);
        _seats[seat.Jid] = seat;
        SeatsChanged();
    }

    private void GiveUpSeat(Seat seat)
    {
        Occupant occupant = seat.Occupant;
        occupant.Seats.Remove(seat);
        if (occupant.Seats.Count == 0)
            _occupants.Remove(KeyOf(occupant.Nick)!);
        _seats.Remove(seat.Jid);
        SeatsChanged();
    }

    private void SeatsChanged()
    {
        _audience = [.. _seats.Values];
        Volatile.Write(ref _occupancy, _occupants.Count);
    }

    /// <summary>Everybody hears it, each as it may see it; of one who is hidden only itself.</summary>
    private void Announce(Post post, Announcement news, Func<Seat, bool>? to = null)
    {
        Announcement? toOthers = ToOthers(news);
        foreach (Seat seat in _audience)
            if ((news.IsOwn(seat) ? news : toOthers) is { } heard && to?.Invoke(seat) != false)
                post.Add(seat, heard.For(seat, SeesAddresses(seat.Occupant)));
    }

    // §15.5.3, muc#roomconfig_presencebroadcast: whoever becomes hidden is gone for the others.
    private Announcement? ToOthers(Announcement news)
    {
        Occupant occupant = news.Seat.Occupant;
        bool wasShown = occupant.IsShown;
        if (news.IsUnavailable)
            return wasShown ? news : null;
        occupant.IsShown = IsBroadcast(occupant.Role);
        if (occupant.IsShown)
            return news;
        return wasShown
            ? new Announcement(news.Seat)
            {
                Said = Bare(news.Said),
                IsUnavailable = true,
                IsRemoved = true,
            }
            : null;
    }

    private bool IsBroadcast(RoomRole role) =>
        role switch
        {
            RoomRole.Moderator => !Is(RoomFlags.HidesModerators),
            RoomRole.Participant => !Is(RoomFlags.HidesParticipants),
            _ => !Is(RoomFlags.HidesVisitors),
        };

    /// <summary>
    /// The element with which the room knows a person again, and nobody else makes (XEP-0421 §5): it takes the home's
    /// secret, the room and the address.
    /// </summary>
    private byte[] OccupantIdOf(Jid person)
    {
        byte[] hash = HMACSHA256.HashData(
            _server.Options.Secret,
            Encoding.UTF8.GetBytes($"occupant-id\0{Address}\0{person}")
        );
        return new XmlBuilder()
            .Start("occupant-id", RoomNs.OccupantId)
            .Attribute("id", Convert.ToHexStringLower(hash.AsSpan(0, 20)))
            .ToArray();
    }

    /// <summary>True when nothing stands between two people that talk past the others (laws, "Limited accounts").</summary>
    private bool MayTalk(Account? sender, Jid other)
    {
        Account? target = _server.Dispatcher.LocalAccount(other);
        if (sender is not null && target is not null)
            return _server.Gate.MayReach(sender, target, StanzaKind.Message);
        Account? local = sender ?? target;
        Jid far = sender is not null ? other : Address;
        return local is null || _server.Gate.MayReach(local, far, StanzaKind.Message);
    }
}
