using Xmpp.Server.Extensions;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>The room's archive is read by those who may be in it (XEP-0313 §6.1).</summary>
internal sealed partial class Room
{
    // After this many results the asker's own outbox is waited for.
    private const int DrainEvery = 16;

    /// <summary>A form, a page or the ends of the archive. Only the asker waits.</summary>
    public async ValueTask TakeArchiveIqAsync(Origin origin, Stanza iq, CancellationToken cancellation)
    {
        Element asked = iq.Root.FirstChild;
        bool seesAddresses = CheckArchive(origin);
        if (iq.Type == StanzaType.Get && asked.Name == "query")
        {
            origin.Answer(iq, ArchiveQueries.Form());
            return;
        }
        if (origin.Session is { } session)
            await session.SettleAsync();
        if (iq.Type == StanzaType.Get && asked.Name == "metadata")
            origin.Answer(iq, Metadata());
        else if (iq.Type == StanzaType.Set && asked.Name == "query")
            await PageAsync(origin, iq, seesAddresses, cancellation);
        else
            throw new StanzaErrorException(StanzaError.ServiceUnavailable());
    }

    // Who may enter may read; a password opens it to those who gave it.
    private bool CheckArchive(Origin origin)
    {
        lock (_lock)
        {
            RoomAffiliation affiliation = AffiliationOf(origin.Address.Bare);
            Seat? seat = _seats.GetValueOrDefault(origin.Address);
            bool may =
                MayEnter(affiliation)
                && (Record.Password is null || seat is not null || affiliation >= RoomAffiliation.Member)
                && (!IsLocked || affiliation == RoomAffiliation.Owner);
            if (IsGone || !Is(RoomFlags.Archive))
                throw new StanzaErrorException(StanzaError.ServiceUnavailable());
            if (!may)
                throw new StanzaErrorException(StanzaError.Forbidden());
            return Is(RoomFlags.NonAnonymous)
                || affiliation >= RoomAffiliation.Admin
                || seat?.Occupant.Role == RoomRole.Moderator;
        }
    }

    private Reply Metadata()
    {
        using Access access = _server.Stores.Database.OpenRead();
        return ArchiveQueries.Metadata(_server.Stores.Archive.Bounds(access, -Id));
    }

    private async ValueTask PageAsync(Origin origin, Stanza iq, bool seesAddresses, CancellationToken cancellation)
    {
        Element asked = iq.Root.FirstChild;
        ArchiveQuery query = ArchiveQueries.Read(asked);
        // §4.1.1: by whom it is, for those who may know that.
        if (query.With is not null && !seesAddresses)
            throw new StanzaErrorException(StanzaError.Forbidden("who it is from is not for you"));
        ArchivePage page = ArchiveQueries.Page(_server, -Id, query);
        bool flipped = asked.Child("flip-page").Exists;
        var results = new ArchiveResults(Address, asked.Attribute("queryid"));
        for (int i = 0; i < page.Rows.Count; i++)
        {
            ArchiveRow row = page.Rows[flipped ? page.Rows.Count - 1 - i : i];
            Stanza result = results.Make(seesAddresses ? row : row with { Stanza = WithoutAddress(row.Stanza) });
            origin.Send(result.With(Address, origin.Address));
            if (i % DrainEvery == DrainEvery - 1 && origin.Session is { } session)
                await session.DrainAsync(cancellation);
        }
        origin.Answer(iq, Reply.Result(ArchiveQueries.Fin(query, page)));
    }

    private static byte[] WithoutAddress(byte[] archived)
    {
        Stanza.TryRead(XmlFragment.Parse(archived).Root, out Stanza? stanza, out _);
        return ForViewer(stanza!, seesAddresses: false).ToArray();
    }
}
