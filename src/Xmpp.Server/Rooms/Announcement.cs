using System.Globalization;
using Xmpp.Addresses;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>
/// One presence of an occupant, as the others see it and as itself does (XEP-0045 §7.2): the payload is made once for
/// each of those who see real addresses or not, and are its own sessions or not.
/// </summary>
internal sealed class Announcement
{
    private readonly Stanza?[] _variants = new Stanza?[4];
    private readonly Occupant _occupant;
    private readonly Seat _seat;
    private readonly Jid _from;
    private readonly (Stores.RoomAffiliation Affiliation, RoomRole Role) _standing;

    /// <summary>As it is now; later changes of the occupant do not show.</summary>
    public Announcement(Seat seat)
    {
        (_seat, _occupant, _from, Said) = (seat, seat.Occupant, seat.Occupant.Address, seat.Presence);
        _standing = _occupant.Standing;
    }

    public Seat Seat => _seat;

    /// <summary>The viewer is one of those whom it is about.</summary>
    public bool IsOwn(Seat viewer) => viewer.Occupant == _occupant || viewer == _seat;

    /// <summary>The client's own words.</summary>
    public Stanza Said { get; init; }
    public bool IsUnavailable { get; init; }

    /// <summary>For all (XEP-0045 §15.6).</summary>
    public IReadOnlyList<int> Codes { get; init; } = [];

    /// <summary>For its own sessions, beside 110.</summary>
    public IReadOnlyList<int> OwnCodes { get; init; } = [];
    public string? NewNick { get; init; }
    public string? ActorNick { get; init; }
    public string? Reason { get; init; }

    /// <summary>The whole <c>&lt;destroy/&gt;</c>.</summary>
    public ReadOnlyMemory<byte> Destroy { get; init; }

    /// <summary>Is not there any more, whatever it was.</summary>
    public bool IsRemoved { get; init; }

    public Stanza For(Seat viewer, bool seesAddresses)
    {
        bool own = IsOwn(viewer);
        ref Stanza? variant = ref _variants[(own ? 1 : 0) + (seesAddresses || own ? 2 : 0)];
        return variant ??= Make(own, seesAddresses || own);
    }

    private Stanza Make(bool own, bool addresses)
    {
        var payload = new XmlBuilder(capacity: Said.Payload.Length + 512);
        payload.Copy(Said.Payload.Span);
        payload.Start("x", RoomNs.User).Start("item");
        payload
            .Attribute("affiliation", Standing.Name(_standing.Affiliation))
            .Attribute("role", Standing.Name(IsRemoved ? RoomRole.None : _standing.Role))
            .Attribute("jid", addresses ? _seat.Jid : null)
            .Attribute("nick", NewNick);
        if (ActorNick is not null)
            payload.Start("actor").Attribute("nick", ActorNick).End();
        if (Reason is not null)
            payload.Element("reason", Reason);
        payload.End().Copy(Destroy.Span);
        foreach (int code in Codes)
            Status(payload, code);
        if (own)
        {
            Status(payload, 110);
            foreach (int code in OwnCodes)
                Status(payload, code);
        }
        payload.End().Copy(_occupant.Id.Span).Copy(_occupant.Hats.Span);
        return new Stanza
        {
            Kind = StanzaKind.Presence,
            Type = IsUnavailable ? StanzaType.Unavailable : StanzaType.Available,
            Id = Said.Id,
            Language = Said.Language,
            From = _from,
            Payload = payload.ToArray(),
        };
    }

    public static void Status(XmlBuilder builder, int code) =>
        builder.Start("status").Attribute("code", code.ToString(CultureInfo.InvariantCulture)).End();
}
