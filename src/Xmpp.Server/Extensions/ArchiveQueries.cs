using System.Globalization;
using Xmpp.Addresses;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0313 Message Archive Management, with the extended queries: an account reads its own archive page by page. Who
/// has read up to the newest message has been delivered all (laws, "The life of a message", 7).
/// </summary>
internal sealed class ArchiveQueries(XmppServer server) : Extension
{
    private const int DefaultPage = 50;
    private const int LargestPage = 250;

    // After this many results the asker's own outbox is waited for.
    private const int DrainEvery = 16;

    public override void Declare(Declarations declare)
    {
        declare.Implements("0313", "Message Archive Management", "1.1.3");
        declare.Implements("0059", "Result Set Management", "1.0");
        declare.AccountFeature(Ns.Archive, Ns.Archive + "#extended", Ns.Archive + "#groupchat-field");
        declare.AccountFeature(Ns.ResultSets);
        declare.ServerFeature(Ns.ResultSets);
        declare.OnGet(Target.OwnAccount, Ns.Archive, "query", _ => new(Form()));
        declare.OnSet(Target.OwnAccount, Ns.Archive, "query", QueryAsync);
        declare.OnGet(Target.OwnAccount, Ns.Archive, "metadata", MetadataAsync);
    }

    // §4.1.6.
    internal static Reply Form()
    {
        XmlBuilder form = DataForms.Start(new XmlBuilder().Start("query", Ns.Archive), "form", Ns.Archive);
        DataForms.Field(form, "with", "jid-single");
        DataForms.Field(form, "start", "text-single");
        DataForms.Field(form, "end", "text-single");
        DataForms.Field(form, "before-id", "text-single");
        DataForms.Field(form, "after-id", "text-single");
        form.Start("field").Attribute("var", "ids").Attribute("type", "list-multi");
        form.Start("validate", "http://jabber.org/protocol/xdata-validate").Attribute("datatype", "xs:string");
        form.Empty("open").End().End();
        DataForms.Field(form, "include-groupchat", "boolean");
        return Reply.Result(form);
    }

    private async ValueTask<Reply> QueryAsync(Request request)
    {
        Session session = request.Own;
        ArchiveQuery query = Read(request.Payload);
        await session.SettleAsync();
        session.QueriedArchive = true;
        ArchivePage page = Page(server, session.Account.Id, query);
        bool flipped = request.Payload.Child("flip-page").Exists;
        long newest = ReachesNewest(query, page) ? Newest(query, page) : 0;
        await SendAsync(request, page.Rows, flipped, server.Marks.CaughtUp(session, newest));
        return Reply.Result(Fin(query, page));
    }

    /// <exception cref="StanzaErrorException"><c>item-not-found</c>: an id is none of this archive.</exception>
    internal static ArchivePage Page(XmppServer server, long owner, ArchiveQuery query)
    {
        using Access access = server.Stores.Database.OpenRead();
        try
        {
            return server.Stores.Archive.Query(access, owner, query);
        }
        catch (KeyNotFoundException)
        {
            throw new StanzaErrorException(StanzaError.ItemNotFound());
        }
    }

    // ---- what is asked ----

    /// <summary>What a <c>&lt;query/&gt;</c> asks for.</summary>
    /// <exception cref="StanzaErrorException">It cannot be read.</exception>
    internal static ArchiveQuery Read(Element payload)
    {
        if (payload.Attribute("node") is not null)
            throw new StanzaErrorException(StanzaError.ItemNotFound("this archive has no nodes"));
        ResultSetRequest page = ResultSetRequest.Read(payload);
        if (page.Index is not null)
            throw new StanzaErrorException(StanzaError.FeatureNotImplemented("pages are found by id, not by index"));
        var query = new ArchiveQuery
        {
            PageAfter = OptionalId(page.After),
            PageBefore = page.Before is "" ? null : OptionalId(page.Before),
            Backwards = page.Before is not null,
            Max = Math.Min(page.Max ?? DefaultPage, LargestPage),
            WithCount = page.Max == 0,
        };
        foreach (var (name, values) in DataForms.Read(payload.Child("x", Ns.DataForms), Ns.Archive))
            query = Filter(query, name, values);
        return query;
    }

    // §4.1.1 to §4.1.5; what is not known is refused, since leaving it out would show more than was asked for.
    private static ArchiveQuery Filter(ArchiveQuery query, string name, List<string> values) =>
        name switch
        {
            "with" => query with { With = Address(Single(values)) },
            "start" => query with { Start = Time(Single(values)) },
            "end" => query with { End = Time(Single(values)) },
            "after-id" => query with { AfterId = Id(Single(values)) },
            "before-id" => query with { BeforeId = Id(Single(values)) },
            "ids" => query with { Ids = [.. values.Select(Id)] },
            "include-groupchat" => query,
            _ => throw new StanzaErrorException(StanzaError.FeatureNotImplemented("unknown field " + name)),
        };

    private static string Single(List<string> values) =>
        values is [var only] ? only : throw new StanzaErrorException(StanzaError.BadRequest("one value"));

    private static Jid Address(string text) =>
        Jid.TryParse(text, out Jid? jid) ? jid : throw new StanzaErrorException(StanzaError.JidMalformed());

    private static DateTimeOffset Time(string text) =>
        XmlText.TryStamp(text, out DateTimeOffset time)
            ? time
            : throw new StanzaErrorException(StanzaError.BadRequest("not a time"));

    // An id that is none of ours is in no archive.
    private static long Id(string text) =>
        StanzaIds.TryParse(text, out long id) ? id : throw new StanzaErrorException(StanzaError.ItemNotFound());

    private static long? OptionalId(string? text) => text is null ? null : Id(text);

    // ---- what comes ----

    // Nothing that was left out is newer than the page.
    private static bool ReachesNewest(ArchiveQuery query, ArchivePage page)
    {
        bool filtered =
            query.With is not null || query.End is not null || query.BeforeId is not null || query.Ids is not null;
        bool toTheEnd = query.Backwards ? query.PageBefore is null && query.Max > 0 : page.Complete;
        return !filtered && toTheEnd;
    }

    // An empty page behind an id says that the client has all up to it.
    private static long Newest(ArchiveQuery query, ArchivePage page) =>
        page.Rows.Count > 0 ? page.Rows[^1].Id : Math.Max(query.AfterId ?? 0, query.PageAfter ?? 0);

    // The mark moves with the last result, as with any message: once it is acknowledged, or written without that.
    private async ValueTask SendAsync(Request request, IReadOnlyList<ArchiveRow> rows, bool flipped, long mark)
    {
        Session session = request.Own;
        if (rows.Count == 0)
            server.Marks.Delivered(session.Account, mark);
        var results = new ArchiveResults(session.Account.Jid, request.Payload.Attribute("queryid"));
        for (int i = 0; i < rows.Count; i++)
        {
            bool last = i == rows.Count - 1;
            Stanza result = results.Make(rows[flipped ? rows.Count - 1 - i : i]);
            session.Deliver(new Outgoing(result, session.Jid, default, last ? mark : 0));
            if (i % DrainEvery == DrainEvery - 1)
                await session.DrainAsync(request.Cancellation);
        }
    }

    internal static XmlBuilder Fin(ArchiveQuery query, ArchivePage page)
    {
        bool whole = page.Complete && query.PageAfter is null && query.PageBefore is null && query.Max > 0;
        var answer = new ResultSetAnswer(
            page.Rows.Count > 0 ? Text(page.Rows[0].Id) : null,
            page.Rows.Count > 0 ? Text(page.Rows[^1].Id) : null,
            whole ? 0 : page.FirstIndex,
            whole ? page.Rows.Count : page.Count
        );
        var fin = new XmlBuilder().Start("fin", Ns.Archive).Attribute("complete", page.Complete ? "true" : null);
        answer.Write(fin.Attribute("stable", "true"));
        return fin;
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    // §5.
    private async ValueTask<Reply> MetadataAsync(Request request)
    {
        await request.Own.SettleAsync();
        using Access access = server.Stores.Database.OpenRead();
        return Metadata(server.Stores.Archive.Bounds(access, request.Own.Account.Id));
    }

    internal static Reply Metadata((ArchiveRow First, ArchiveRow Last)? bounds)
    {
        var metadata = new XmlBuilder().Start("metadata", Ns.Archive);
        if (bounds is var (first, last))
        {
            Entry(metadata, "start", first);
            Entry(metadata, "end", last);
        }
        return Reply.Result(metadata);
    }

    private static void Entry(XmlBuilder metadata, string name, ArchiveRow row) =>
        metadata.Start(name).Attribute("id", row.Id).Attribute("timestamp", XmlText.Stamp(row.Time)).End();
}
