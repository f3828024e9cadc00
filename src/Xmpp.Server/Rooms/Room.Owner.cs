using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>What owners do: configure (XEP-0045 §10.1, §10.2) and destroy (§10.9).</summary>
internal sealed partial class Room
{
    private void Own(Origin origin, Stanza iq, Element query)
    {
        Element destroy = query.Child("destroy", RoomNs.Owner);
        Element form = query.Child("x", Ns.DataForms);
        if (destroy.Exists)
            Destroy(origin, iq, destroy);
        else if (form.Attribute("type") == "cancel")
            Cancel(origin, iq);
        else if (form.Attribute("type") == "submit")
            Configure(origin, iq, form);
        else
            throw new StanzaErrorException(StanzaError.BadRequest("a form to submit, or a room to destroy"));
    }

    // §10.1.3: one that was never opened goes again.
    private void Cancel(Origin origin, Stanza iq)
    {
        if (IsLocked)
            Destroy(origin, iq, default);
        else
            origin.Answer(iq, Reply.Empty);
    }

    private void Configure(Origin origin, Stanza iq, Element form)
    {
        // §10.1.2: an empty form takes it as it is.
        Dictionary<string, List<string>> fields = form.FirstChild.Exists ? DataForms.Read(form, RoomNs.Config) : [];
        RoomRecord after = RoomConfiguration.Apply(Record, fields);
        List<Wish> wishes = ReadLists(fields, after);
        RoomRecord before = Record;
        var post = new Post(_server);
        var change = new RoomChange(this, origin, iq, post);
        bool opens = IsLocked;
        IsLocked = false;
        if (after != before)
            Become(change, after);
        foreach (Wish wish in wishes)
            SetAffiliation(change, post, wish.Who!, wish.Affiliation!.Value, (null, null, null));
        ShowAndHide(post);
        if (after.Is(RoomFlags.MembersOnly) && !before.Is(RoomFlags.MembersOnly))
            foreach (Occupant occupant in _occupants.Values.Where(other => !MayEnter(other.Affiliation)).ToArray())
                Expel(post, occupant, [322], null, null);
        if (after != before && !opens)
            TellOfChange(post, before, after);
        origin.Perform(iq, change);
    }

    // §10.2: the whole lists. Who is not on them any more stays a member where only members may be.
    private List<Wish> ReadLists(Dictionary<string, List<string>> fields, RoomRecord after)
    {
        HashSet<Jid>? owners = RoomConfiguration.People(fields, RoomConfiguration.Owners);
        HashSet<Jid>? admins = RoomConfiguration.People(fields, RoomConfiguration.Admins);
        RoomAffiliation left = after.Is(RoomFlags.MembersOnly) ? RoomAffiliation.Member : RoomAffiliation.None;
        HashSet<Jid> ownersBefore = [.. Affiliated(RoomAffiliation.Owner).Select(record => record.Who)];
        HashSet<Jid> adminsBefore = [.. Affiliated(RoomAffiliation.Admin).Select(record => record.Who)];
        owners ??= admins is null ? ownersBefore : [.. ownersBefore.Except(admins)];
        admins ??= adminsBefore;
        var wishes = new List<Wish>();
        foreach (Jid person in ownersBefore.Union(adminsBefore).Union(owners).Union(admins))
        {
            RoomAffiliation wanted =
                owners.Contains(person) ? RoomAffiliation.Owner
                : admins.Contains(person) ? RoomAffiliation.Admin
                : left;
            if (wanted != AffiliationOf(person))
                wishes.Add(new Wish(null, person, null, wanted, null, null));
        }
        if (wishes.Count > 0 && Record.Circle is not null)
            throw new StanzaErrorException(StanzaError.NotAllowed("its circle decides who is in it"));
        CheckOwners(wishes);
        CheckSpace(wishes.Count);
        return wishes;
    }

    // Whose presence is told was changed.
    private void ShowAndHide(Post post)
    {
        foreach (Occupant occupant in _occupants.Values.ToArray())
            if (occupant.IsShown != IsBroadcast(occupant.Role))
                AnnounceStanding(post, occupant, null, null);
    }

    // §10.2.1, §15.6.
    private void TellOfChange(Post post, RoomRecord before, RoomRecord after)
    {
        var codes = new List<int>();
        Changed(RoomFlags.Archive, 170, 171);
        Changed(RoomFlags.NonAnonymous, 172, 173);
        if (codes.Count == 0 || (before with { Flags = after.Flags }) != after || Others())
            codes.Insert(0, 104);
        Tell(post, [.. codes]);

        bool Others() =>
            ((before.Flags ^ after.Flags) & ~(RoomFlags.Archive | RoomFlags.NonAnonymous)) != RoomFlags.None;

        void Changed(RoomFlags flag, int on, int off)
        {
            if (before.Is(flag) != after.Is(flag))
                codes.Add(after.Is(flag) ? on : off);
        }
    }

    /// <summary>Everybody hears the status codes.</summary>
    private void Tell(Post post, params ReadOnlySpan<int> codes)
    {
        XmlBuilder x = new XmlBuilder().Start("x", RoomNs.User);
        foreach (int code in codes)
            Announcement.Status(x, code);
        var news = new Stanza
        {
            Kind = StanzaKind.Message,
            Type = StanzaType.Groupchat,
            From = Address,
            Payload = x.ToArray(),
        };
        foreach (Seat seat in _audience)
            post.Add(seat, news);
    }

    private void Destroy(Origin origin, Stanza iq, Element wish)
    {
        if (Record.Circle is not null)
            throw new StanzaErrorException(StanzaError.NotAllowed("it goes with its circle"));
        Post post = Close(Farewell(wish));
        origin.Perform(iq, Effect.All(new Removal(this, post), new Deed(() => Done(origin, iq))));
    }

    private static void Done(Origin origin, Stanza iq) => origin.Send(iq.Result(default).With(iq.To, origin.Address));

    // An answer that belongs to what was written before it.
    private sealed class Deed(Action released) : Effect
    {
        public override void Released() => released();
    }

    private static byte[] Farewell(Element wish)
    {
        XmlBuilder destroy = new XmlBuilder(RoomNs.User).Start("destroy");
        if (Jid.TryParse(wish.Attribute("jid"), out Jid? other))
            destroy.Attribute("jid", other);
        if (wish.Child("reason", RoomNs.Owner) is { Exists: true } reason)
            destroy.Element("reason", reason.Text);
        if (wish.Child("password", RoomNs.Owner) is { Exists: true } password)
            destroy.Element("password", password.Text);
        return destroy.ToArray();
    }

    /// <summary>Everybody is put out and hears of itself only (§10.9); the room is gone.</summary>
    private Post Close(byte[] destroy)
    {
        var post = new Post(_server);
        IsGone = true;
        foreach (Seat seat in _audience)
        {
            Occupant occupant = seat.Occupant;
            (occupant.Affiliation, occupant.Role) = (RoomAffiliation.None, RoomRole.None);
            var news = new Announcement(seat)
            {
                Said = Bare(seat.Presence),
                IsUnavailable = true,
                IsRemoved = true,
                Destroy = destroy,
            };
            post.Add(seat, news.For(seat, seesAddresses: true));
        }
        foreach (Seat seat in _audience)
            GiveUpSeat(seat);
        return post;
    }
}
