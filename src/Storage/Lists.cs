using Xmpp.Addresses;

namespace Storage;

/// <summary>Small lists inside one column, joined by U+001F, which neither XML nor an address can contain.</summary>
internal static class Lists
{
    private const char Separator = '\u001f';

    public static string? Join(IReadOnlyCollection<string> items) =>
        items.Count == 0 ? null : string.Join(Separator, items);

    public static string? Join(IReadOnlyCollection<Jid> items) =>
        items.Count == 0 ? null : string.Join(Separator, items);

    public static IReadOnlyList<string> Split(string? joined) => joined is null ? [] : joined.Split(Separator);

    public static IReadOnlyList<Jid> SplitJids(string? joined) =>
        joined is null ? [] : Array.ConvertAll(joined.Split(Separator), Jid.Parse);

    /// <summary>All rows of a query, which is given back.</summary>
    public static List<T> All<T>(this Statement query, Func<Statement, T> read)
    {
        using (query)
        {
            List<T> rows = [];
            while (query.Step())
                rows.Add(read(query));
            return rows;
        }
    }

    /// <summary>The first row of a query, which is given back; the default value when there is none.</summary>
    public static T? First<T>(this Statement query, Func<Statement, T> read)
    {
        using (query)
            return query.Step() ? read(query) : default;
    }
}
