using System.Text;
using Storage;
using Xmpp.Addresses;
using Xmpp.Server.Stores;

namespace StorageBench;

/// <summary>
/// The work of a chat message: content, two entries, the sender's session mark, and now and then a delivered mark;
/// ten pairs of accounts. The next batch is queued by the last commit of the one before, so that its size is exact.
/// </summary>
internal static class Appending
{
    private const int Accounts = 20;
    private const int Messages = 40_000;

    public static void Run(string folder)
    {
        Console.WriteLine("batch  CPU us/msg  wall us/msg  B/msg to disk  allocated B/msg");
        foreach (int batch in (int[])[40, 1, 4, 8, 16, 40])
        {
            string path = Path.Combine(folder, $"append{batch}.db");
            using (var database = Database.Open(new DatabaseOptions { Path = path }))
            {
                Household.Fill(database, Accounts);
                var load = new Load(database, batch);
                load.Run(2_000);
                int count = batch < 8 ? Messages / 8 : Messages;
                var meter = new Meter();
                load.Run(count);
                Console.WriteLine(
                    $"{batch, 5}  {meter.CpuMicros / count, 10:0.0}  {meter.WallMicros / count, 11:0.0}  {(double)meter.Bytes / count, 13:0}  {(double)meter.Allocated / count, 15:0}"
                );
            }
            foreach (string file in Directory.GetFiles(folder, $"append{batch}.db*"))
                File.Delete(file);
        }
    }

    private sealed class Load(Database database, int batch)
    {
        private readonly SqliteArchiveStore _archive = new();
        private readonly SemaphoreSlim _done = new(0);
        private int _left;
        private int _number;

        public void Run(int messages)
        {
            _left = messages;
            Next();
            _done.Wait();
        }

        private void Next()
        {
            if (_left <= 0)
            {
                _done.Release();
                return;
            }
            _left -= batch;
            for (int i = 1; i <= batch; i++)
                database.Enqueue(new Message(_archive, _number++, i == batch ? Next : null));
        }
    }

    private sealed class Message(SqliteArchiveStore archive, int number, Action? last) : Commit
    {
        private static readonly byte[] _stanza = Encoding.UTF8.GetBytes(
            "<message xmlns='jabber:client' from='user1@bench.localhost/phone.8f3a' to='user2@bench.localhost/phone.11ab' type='chat' id='3f6c0a52-77aa-4b1e-9d7e-5a3c1e0b2f44'><body>"
                + new string('x', 100)
                + "</body><origin-id xmlns='urn:xmpp:sid:0' id='3f6c0a52-77aa-4b1e-9d7e-5a3c1e0b2f44'/></message>"
        );

        public override void Write(Transaction transaction)
        {
            int from = number % Accounts;
            int to = from ^ 1;
            long id = transaction.NextArchiveId();
            archive.Append(
                transaction,
                new ArchivedMessage(
                    id,
                    DateTimeOffset.UtcNow,
                    _stanza,
                    new ArchiveOwner(from + 1, Household.Full[to], EntryFlags.None),
                    new ArchiveOwner(to + 1, Household.Full[from], EntryFlags.Incoming | EntryFlags.KeptOffline)
                )
            );
            transaction.NoteInbound(new SessionMark(Household.Tokens[from], from + 1, "phone.8f3a", (uint)number));
            if (number % 8 == 0)
                archive.SetDeliveredMark(transaction, to + 1, id);
        }

        public override void Released() => last?.Invoke();
    }
}

/// <summary>Accounts 1..n.</summary>
internal static class Household
{
    public static readonly Jid[] Full =
    [
        .. Enumerable.Range(0, 100).Select(i => Jid.Parse($"user{i}@bench.localhost/phone.8f3a")),
    ];

    public static readonly byte[][] Tokens =
    [
        .. Enumerable.Range(0, 100).Select(i => System.Security.Cryptography.SHA256.HashData([(byte)i])),
    ];

    public static void Fill(Database database, int accounts)
    {
        var store = new SqliteAccountStore();
        database
            .WriteAsync(t =>
            {
                for (int i = 0; i < accounts; i++)
                    store.Add(t, new AccountRecord { Name = $"user{i}", Created = DateTimeOffset.UtcNow });
            })
            .Wait();
    }
}
