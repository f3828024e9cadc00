using Storage;
using Xmpp.Server.Stores;

namespace StorageBench;

/// <summary>Pages of 50 from an archive of 20,000 whose messages are scattered among others', and small lookups.</summary>
internal static class Reading
{
    private const int Entries = 20_000;

    public static void Run(string folder)
    {
        var options = new DatabaseOptions { Path = Path.Combine(folder, "read.db") };
        using (var database = Database.Open(options))
        {
            Household.Fill(database, 20);
            Fill(database);
        }
        long before = GC.GetTotalAllocatedBytes();
        var open = new Meter();
        using Database opened = Database.Open(options);
        Console.WriteLine($"open: {open.WallMicros / 1000:0.0} ms");
        var archive = new SqliteArchiveStore();
        var accounts = new SqliteAccountStore();

        Time(opened, "newest page of 50", 2000, a => archive.Query(a, 1, new ArchiveQuery { Backwards = true }));
        Time(
            opened,
            "newest page of 50, with count",
            200,
            a => archive.Query(a, 1, new ArchiveQuery { Backwards = true, WithCount = true })
        );
        Time(
            opened,
            "newest page of 50 with a rare peer",
            200,
            a => archive.Query(a, 1, new ArchiveQuery { Backwards = true, With = Household.Full[99].Bare })
        );
        Time(opened, "walk of 20,000 backwards, per message", 5, a => Walk(a, archive), Entries);
        Time(opened, "account by name", 20_000, a => accounts.Find(a, "user7"));
        Time(opened, "open and close a reader", 20_000, static _ => 0);
    }

    private static void Time<T>(Database database, string what, int times, Func<Access, T> read, int per = 1)
    {
        for (int i = 0; i < Math.Max(1, times / 10); i++)
            Once(database, read);
        var meter = new Meter();
        for (int i = 0; i < times; i++)
            Once(database, read);
        Console.WriteLine(
            $"{what}: {meter.CpuMicros / times / per:0.0} us CPU, {(double)meter.Allocated / times / per:0} B"
        );
    }

    private static void Once<T>(Database database, Func<Access, T> read)
    {
        using Access access = database.OpenRead();
        read(access);
    }

    private static int Walk(Access access, SqliteArchiveStore archive)
    {
        int seen = 0;
        long? before = null;
        while (true)
        {
            ArchivePage page = archive.Query(access, 1, new ArchiveQuery { Backwards = true, PageBefore = before });
            seen += page.Rows.Count;
            if (page.Complete)
                return seen;
            before = page.Rows[0].Id;
        }
    }

    private static void Fill(Database database)
    {
        var archive = new SqliteArchiveStore();
        byte[] stanza = new byte[400];
        database
            .WriteAsync(t =>
            {
                for (int i = 0; i < Entries * 4; i++)
                {
                    int owner = i % 4 == 0 ? 1 : 2 + (i % 9);
                    int peer = i == 400 ? 99 : 11 + (i % 5);
                    archive.Append(
                        t,
                        new ArchivedMessage(
                            t.NextArchiveId(),
                            DateTimeOffset.UtcNow,
                            stanza,
                            new ArchiveOwner(owner, Household.Full[peer], EntryFlags.None),
                            new ArchiveOwner(peer + 1, Household.Full[owner - 1], EntryFlags.Incoming)
                        )
                    );
                }
            })
            .Wait();
    }
}
