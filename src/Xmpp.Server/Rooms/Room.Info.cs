using System.Globalization;
using System.Security.Cryptography;
using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>What a room says of itself (XEP-0045 §6.4 to §6.6, §15.5.4; XEP-0486, XEP-0500, XEP-0502), and to whom.</summary>
internal sealed partial class Room
{
    /// <summary>Room for a picture as clients scale it.</summary>
    private const int LargestCard = 128 << 10;

    /// <summary>Enters, or has a right to.</summary>
    private bool IsInside(Origin origin, RoomAffiliation affiliation) =>
        _seats.ContainsKey(origin.Address) || affiliation >= RoomAffiliation.Member;

    /// <summary>Anybody may enter without more ado.</summary>
    private bool IsOpen => !Is(RoomFlags.MembersOnly) && Record.Password is null && !IsLocked;

    private Reply Info(Origin origin, string? node)
    {
        if (node == "x-roomuser-item")
            return ReservedNick(origin);
        if (node is not null)
            return Reply.Error(StanzaError.ItemNotFound());
        var features = new SortedSet<string>(StringComparer.Ordinal)
        {
            Ns.DiscoInfo,
            Ns.DiscoItems,
            RoomNs.Muc,
            RoomNs.SelfPing,
            RoomNs.StableId,
            RoomNs.Request,
            RoomNs.OccupantId,
            RoomNs.Hats,
            RoomNs.Card,
            Ns.StanzaId,
            RoomNs.Moderate,
            RoomNs.Retract,
            RoomNs.Retract + "#tombstone",
            Is(RoomFlags.Persistent) ? "muc_persistent" : "muc_temporary",
            Is(RoomFlags.Public) ? "muc_public" : "muc_hidden",
            Is(RoomFlags.MembersOnly) ? "muc_membersonly" : "muc_open",
            IsModerated ? "muc_moderated" : "muc_unmoderated",
            Is(RoomFlags.NonAnonymous) ? "muc_nonanonymous" : "muc_semianonymous",
            Record.Password is null ? "muc_unsecured" : "muc_passwordprotected",
        };
        if (Is(RoomFlags.Archive))
            features.UnionWith([Ns.Archive, Ns.Archive + "#extended", Ns.ResultSets]);
        if (Is(RoomFlags.Registration))
            features.Add(Ns.Register);
        if (Record.Circle is not null)
            features.Add(RoomNs.Circle);
        string name = Record.Title.Length > 0 ? Record.Title : Record.Name;
        var info = new DiscoInfo([new DiscoIdentity("conference", "text", name)], features, [Form(origin)]);
        return Reply.Result(info.Write(null));
    }

    private DiscoForm Form(Origin origin)
    {
        var fields = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        Add("muc#roominfo_description", Record.Description);
        Add("muc#roominfo_lang", Record.Language);
        Add("muc#roominfo_changesubject", Is(RoomFlags.OccupantsSetSubject) ? "1" : "0");
        Add("muc#roomconfig_changesubject", Is(RoomFlags.OccupantsSetSubject) ? "1" : "0");
        Add("muc#roomconfig_allowinvites", Is(RoomFlags.OccupantsInvite) ? "1" : "0");
        Add("muc#maxhistoryfetch", Record.History.ToString(CultureInfo.InvariantCulture));
        Add("muc#roominfo_slow_mode_duration", Record.SlowMode.ToString(CultureInfo.InvariantCulture));
        // What goes on in a closed room is its people's (security.md, "Leaks").
        if (IsOpen || IsInside(origin, AffiliationOf(origin.Address.Bare)))
        {
            Add("muc#roominfo_occupants", _occupants.Count.ToString(CultureInfo.InvariantCulture));
            Add("muc#roominfo_subject", Record.Subject ?? "");
            if (Record.Avatar.Count > 0)
                fields.Add(new("muc#roominfo_avatarhash", Record.Avatar));
        }
        // XEP-0502 §3, §8.
        bool tells = IsOpen && Is(RoomFlags.Persistent) && Is(RoomFlags.Public);
        if (tells && _activity.PerHour(Now()) is { } rate)
            Add("{urn:xmpp:muc-activity}message-activity", rate.ToString("0.##", CultureInfo.InvariantCulture));
        return new DiscoForm(RoomNs.Info, fields);

        void Add(string name, string value) => fields.Add(new(name, [value]));
    }

    // §7.12.
    private Reply ReservedNick(Origin origin)
    {
        var query = new XmlBuilder().Start("query", Ns.DiscoInfo).Attribute("node", "x-roomuser-item");
        if (_affiliations.GetValueOrDefault(origin.Address.Bare)?.Nick is { } nick)
            query
                .Start("identity")
                .Attribute("category", "conference")
                .Attribute("name", nick)
                .Attribute("type", "text")
                .End();
        return Reply.Result(query);
    }

    // §6.5: of an open room to all, of a closed one to its people.
    private Reply Items(Origin origin)
    {
        var query = new XmlBuilder().Start("query", Ns.DiscoItems);
        bool told = (IsOpen && Is(RoomFlags.Public)) || IsInside(origin, AffiliationOf(origin.Address.Bare));
        if (told && AffiliationOf(origin.Address.Bare) != RoomAffiliation.Outcast)
            foreach (Occupant occupant in _occupants.Values)
                if (occupant.IsShown)
                    query.Start("item").Attribute("jid", occupant.Address).End();
        return Reply.Result(query);
    }

    /// <summary>How lists show it to whoever asks; null for one that is not for them.</summary>
    public RoomListing? ListedFor(Origin origin)
    {
        lock (_lock)
        {
            bool inside = IsInside(origin, AffiliationOf(origin.Address.Bare));
            bool listed = !IsGone && !IsLocked && (Is(RoomFlags.Public) || inside);
            return listed ? new RoomListing(Address, Record, IsOpen || inside ? _occupants.Count : null, IsOpen) : null;
        }
    }

    // ---- the card and its picture (XEP-0054, XEP-0486) ----

    private Reply Card(Origin origin)
    {
        if (!IsOpen && !IsInside(origin, AffiliationOf(origin.Address.Bare)))
            return Reply.Error(StanzaError.Forbidden());
        byte[]? card = null;
        if (Volatile.Read(ref _id) is > 0 and var id)
        {
            using Access access = _server.Stores.Database.OpenRead();
            card = _server.Stores.Rooms.Card(access, id);
        }
        return Reply.Result(card ?? new XmlBuilder().Empty("vCard", RoomNs.Card).ToArray());
    }

    private void SetCard(Origin origin, Stanza iq, Element card)
    {
        byte[] bytes = card.Bytes.ToArray();
        if (bytes.Length > LargestCard)
            throw new StanzaErrorException(StanzaError.PolicyViolation("a card has 128 KiB at most"));
        var hashes = new List<string>();
        foreach (Element photo in card.Children)
            if (photo.Is("PHOTO", RoomNs.Card))
                hashes.Add(HashOf(photo.Child("BINVAL", RoomNs.Card).Text));
        byte[]? kept = card.FirstChild.Exists ? bytes : null;
        var post = new Post(_server);
        var change = new RoomChange(this, origin, iq, post);
        change.Write((transaction, rooms) => rooms.SetCard(transaction, Id, kept), () => { });
        Become(change, Record with { Avatar = hashes });
        Tell(post, 104);
        origin.Perform(iq, change);
    }

    private static string HashOf(string base64)
    {
        try
        {
            return Convert.ToHexStringLower(SHA1.HashData(Convert.FromBase64String(base64)));
        }
        catch (FormatException)
        {
            throw new StanzaErrorException(StanzaError.BadRequest("BINVAL is no base64"));
        }
    }
}

/// <summary>A room as lists show it.</summary>
/// <param name="Occupants">Null where that is not told.</param>
internal sealed record RoomListing(Jid Address, RoomRecord Record, int? Occupants, bool IsOpen);
