using Storage;

namespace Kith.Tests.Crash;

/// <summary>The database as the last process left it, looked at without touching it.</summary>
internal static class DatabaseCopy
{
    /// <summary>SQLite's full check of a copy, after it has recovered the log; <c>ok</c> when all is sound.</summary>
    public static string Check(string data)
    {
        using var folder = new TemporaryFolder();
        foreach (string name in (string[])["kith.db", "kith.db-wal"])
            if (File.Exists(Path.Combine(data, name)))
                File.Copy(Path.Combine(data, name), folder.At(name));
        using Connection connection = Connection.Open(folder.At("kith.db"), write: true);
        string result = connection.Sql("PRAGMA integrity_check").First(static row => row.Text(0)) ?? "nothing";
        string broken = connection.Sql("PRAGMA foreign_key_check").First(static row => row.Text(0)) is { } table
            ? $"; broken references in {table}"
            : "";
        return result + broken;
    }
}
