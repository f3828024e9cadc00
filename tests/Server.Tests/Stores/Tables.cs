using System.Globalization;
using Storage;

namespace Server.Tests.Stores;

/// <summary>Looks at tables without knowing them.</summary>
internal static class Tables
{
    public static IReadOnlyList<string> All(Home home) =>
        Texts(home, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");

    public static long Count(Home home, string table) => Number(home, $"SELECT count(*) FROM \"{table}\"");

    public static long Number(Home home, string sql) => long.Parse(Texts(home, sql)[0], CultureInfo.InvariantCulture);

    /// <summary>Columns that hold account ids: those called so, and those that refer to accounts.</summary>
    public static IReadOnlyList<string> AccountColumns(Home home, string table) =>
        Texts(
            home,
            $"""
            SELECT name FROM pragma_table_info('{table}')
            WHERE name = 'account'
              OR name IN (SELECT "from" FROM pragma_foreign_key_list('{table}') WHERE "table" = 'account')
              OR ('{table}' = 'account' AND name = 'id')
            """
        );

    public static IReadOnlyList<string> Schema(Home home) =>
        Texts(home, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name");

    private static List<string> Texts(Home home, string sql)
    {
        using var connection = Connection.Open(home.Options.Path, write: false);
#pragma warning disable CA1857 // This connection keeps no statement for long.
        return connection.Sql(sql).All(static row => row.Text(0));
#pragma warning restore CA1857
    }
}
