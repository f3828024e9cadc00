using System.Globalization;
using Xmpp.Server.Extensions;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>
/// Lists of rooms: by XEP-0030 (XEP-0045 §6.3) and by searching (XEP-0433). Each sees the public ones and its own, and a
/// limited account or guest only what the gate lets it enter.
/// </summary>
internal sealed class RoomSearch(RoomService service)
{
    private const string Parameters = "urn:xmpp:channel-search:0:search-params";
    private const string ByUsers = "{urn:xmpp:channel-search:0:order}nusers";
    private const string ByAddress = "{urn:xmpp:channel-search:0:order}address";
    private const string Errors = "urn:xmpp:channel-search:0:error";
    private const int Page = 100;

    private IEnumerable<RoomListing> For(Origin origin)
    {
        foreach (Room room in service.All())
        {
            bool passes =
                origin.Account is not { } account
                || service.Server.Gate.MayReach(account, room.Address, StanzaKind.Presence);
            if (passes && room.ListedFor(origin) is { } listing)
                yield return listing;
        }
    }

    // ---- disco#items ----

    public Reply Items(Origin origin, Element asked)
    {
        if (asked.Attribute("node") is not null)
            return Reply.Error(StanzaError.ItemNotFound());
        ResultSetRequest wanted = ResultSetRequest.Read(asked);
        List<RoomListing> all = [.. For(origin).OrderBy(AddressOf, StringComparer.Ordinal)];
        var query = new XmlBuilder(capacity: 4096).Start("query", Ns.DiscoItems);
        List<RoomListing> page = Cut(all, wanted, wanted.Max ?? all.Count);
        foreach (RoomListing room in page)
            query.Start("item").Attribute("jid", room.Address).Attribute("name", NameOf(room)).End();
        if (asked.Child("set", Ns.ResultSets).Exists)
            WriteSet(query, all, page);
        return Reply.Result(query);
    }

    private static string AddressOf(RoomListing room) => room.Address.ToString();

    private static string NameOf(RoomListing room) =>
        room.Record.Title.Length > 0 ? room.Record.Title : room.Record.Name;

    // XEP-0059: by address, whichever order they are in.
    private static List<RoomListing> Cut(List<RoomListing> all, ResultSetRequest wanted, int max)
    {
        if (wanted.Before is { } before)
        {
            int end = before.Length == 0 ? all.Count : Place(all, before);
            int start = Math.Max(0, end - max);
            return all[start..end];
        }
        int from = wanted.After is { Length: > 0 } after ? Place(all, after) + 1 : wanted.Index ?? 0;
        from = Math.Min(from, all.Count);
        return all[from..Math.Min(all.Count, from + Math.Max(0, max))];
    }

    private static int Place(List<RoomListing> all, string address) =>
        all.FindIndex(room => AddressOf(room) == address) is >= 0 and var place
            ? place
            : throw new StanzaErrorException(StanzaError.ItemNotFound());

    private static void WriteSet(XmlBuilder builder, List<RoomListing> all, List<RoomListing> page) =>
        new ResultSetAnswer(
            page.Count > 0 ? AddressOf(page[0]) : null,
            page.Count > 0 ? AddressOf(page[^1]) : null,
            page.Count > 0 ? all.IndexOf(page[0]) : null,
            all.Count
        ).Write(builder);

    // ---- searching ----

    public Reply Search(Origin origin, Element asked)
    {
        Element submitted = asked.Child("x", Ns.DataForms);
        if (!submitted.Exists)
            return Reply.Result(Form());
        Dictionary<string, List<string>> fields = DataForms.Read(submitted, Parameters);
        string key = One(fields, "key") ?? ByUsers;
        if (key is not (ByUsers or ByAddress))
            return Reply.Error(Fault(StanzaError.FeatureNotImplemented(), "invalid-sort-key"));
        if (Terms(fields) is not { } matches)
            return Reply.Error(Fault(StanzaError.BadRequest("what for?"), "no-search-conditions"));
        int least = Least(fields);
        IEnumerable<RoomListing> found = For(origin)
            .Where(room => (room.Occupants ?? 0) >= least && matches(room))
            .OrderBy(AddressOf, StringComparer.Ordinal);
        if (key == ByUsers)
            found = found.OrderByDescending(room => room.Occupants ?? 0);
        return Reply.Result(Result([.. found], ResultSetRequest.Read(asked)));
    }

    private static StanzaError Fault(StanzaError error, string condition) =>
        error with
        {
            Type = "modify",
            Extra = new XmlBuilder().Empty(condition, Errors).ToArray(),
        };

    // §5.2; null when nothing is asked for.
    private static Func<RoomListing, bool>? Terms(Dictionary<string, List<string>> fields)
    {
        bool all = IsYes(fields, "all", false);
        string[] words = (One(fields, "q") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (all && words.Length > 0)
            throw new StanzaErrorException(Fault(StanzaError.BadRequest("all, or by words"), "conflicting-fields"));
        if (all)
            return _ => true;
        if (words.Length == 0)
            return null;
        bool inName = IsYes(fields, "sinname", true);
        bool inDescription = IsYes(fields, "sindescription", true);
        bool inAddress = IsYes(fields, "sinaddr", true);
        return room =>
            words.All(word =>
                (inName && Has(NameOf(room), word))
                || (inDescription && Has(room.Record.Description, word))
                || (inAddress && Has(AddressOf(room), word))
            );
    }

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.CurrentCultureIgnoreCase);

    private static int Least(Dictionary<string, List<string>> fields) =>
        One(fields, "min_users") is { } text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : 0;

    private static string? One(Dictionary<string, List<string>> fields, string name) =>
        fields.TryGetValue(name, out List<string>? values) && values.Count > 0 ? values[0] : null;

    private static bool IsYes(Dictionary<string, List<string>> fields, string name, bool otherwise) =>
        One(fields, name) is { } value ? value is "1" or "true" : otherwise;

    private static XmlBuilder Form()
    {
        XmlBuilder form = DataForms.Start(new XmlBuilder().Start("search", RoomNs.Search), "form", Parameters);
        DataForms.Field(form, "q", "text-single");
        DataForms.Field(form, "all", "boolean", "false");
        DataForms.Field(form, "sinname", "boolean", "true");
        DataForms.Field(form, "sindescription", "boolean", "true");
        DataForms.Field(form, "sinaddr", "boolean", "true");
        DataForms.Field(form, "min_users", "text-single", "0");
        form.Start("field").Attribute("var", "key").Attribute("type", "list-single").Element("value", ByUsers);
        form.Start("option").Attribute("label", "Occupants").Element("value", ByUsers).End();
        form.Start("option").Attribute("label", "Address").Element("value", ByAddress).End();
        return form;
    }

    // §6.
    private static XmlBuilder Result(List<RoomListing> all, ResultSetRequest wanted)
    {
        List<RoomListing> page = Cut(all, wanted, Math.Min(wanted.Max ?? Page, Page));
        var result = new XmlBuilder(capacity: 4096).Start("result", RoomNs.Search);
        foreach (RoomListing room in page)
            Item(result, room);
        WriteSet(result, all, page);
        return result;
    }

    private static void Item(XmlBuilder result, RoomListing room)
    {
        result.Start("item").Attribute("address", room.Address).Element("name", NameOf(room));
        if (room.Record.Description.Length > 0)
            result.Element("description", room.Record.Description);
        if (room.Record.Language.Length > 0)
            result.Element("language", room.Record.Language);
        if (room.Occupants is { } count)
            result.Start("nusers").Text(count).End();
        result.Element("service-type", "xep-0045");
        if (room.IsOpen)
            result.Empty("is-open");
        string anonymity = room.Record.Is(RoomFlags.NonAnonymous) ? "none" : "semi";
        result.Element("anonymity-mode", "{urn:xmpp:channel-search:0:anonymity}" + anonymity).End();
    }
}
