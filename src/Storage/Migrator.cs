using System.Globalization;
using Xmpp.Server.Stores;

namespace Storage;

/// <summary>Brings a database forward, one numbered step after another, each in a transaction of its own.</summary>
internal static class Migrator
{
    /// <summary>The version that this program writes; each step up to it is <c>Migrations/NNNN.sql</c>.</summary>
    public const int Current = 8;

    // "Kith" in ASCII: tells our file from any other SQLite database (PRAGMA application_id).
    private const long ApplicationId = 0x4b697468;

    public static void Run(Connection connection)
    {
        for (long next = Check(connection) + 1; next <= Current; next++)
            Apply(connection, next);
    }

    /// <summary>Its version, 0 for a new file; throws for one that is newer than this program, or not ours.</summary>
    public static long Check(Connection connection)
    {
        long version = connection.Scalar("PRAGMA user_version");
        long application = connection.Scalar("PRAGMA application_id");
        if (
            application != ApplicationId
            && (application != 0 || connection.Scalar("SELECT count(*) FROM sqlite_master") != 0)
        )
            throw new StorageException($"{connection.Path} is not a database of this program.");
        if (version > Current)
            throw new StorageException(
                $"{connection.Path} was written by a newer version (database version {version}, this program knows {Current}). Install that version again."
            );
        return version;
    }

    private static void Apply(Connection connection, long version)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            connection.Execute(Script(version));
            connection.Execute(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version}; COMMIT"
                )
            );
        }
        catch (StorageException)
        {
            if (connection.InTransaction)
                connection.Execute("ROLLBACK");
            throw;
        }
    }

    private static string Script(long version)
    {
        string name = version.ToString("0000", CultureInfo.InvariantCulture) + ".sql";
        using Stream stream =
            typeof(Migrator).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"Migration {name} is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
