using System.Text;
using Xmpp.Server.Stores;

namespace Server.Tests.Stores;

/// <summary>Messages between accounts of a <see cref="Home"/>, as the server would archive them.</summary>
internal sealed class Conversation(Home home)
{
    public const EntryFlags Received = EntryFlags.Incoming | EntryFlags.KeptOffline;

    /// <summary>From one local account to another, both archived.</summary>
    public Task<long> Send(long from, long to, string text, string resource = "phone", EntryFlags flags = Received) =>
        Append(
            text,
            new ArchiveOwner(from, Home.Jid($"user{to}@home.example"), EntryFlags.None),
            new ArchiveOwner(to, Home.Jid($"user{from}@home.example/{resource}"), flags)
        );

    /// <summary>From or to an address elsewhere: one owner.</summary>
    public Task<long> With(long account, string peer, string text, EntryFlags flags = EntryFlags.Incoming) =>
        Append(text, new ArchiveOwner(account, Home.Jid(peer), flags), null);

    public Task<long> Append(string text, ArchiveOwner? first, ArchiveOwner? second) =>
        home.Write(t => Append(t, text, first, second));

    public long Append(Transaction transaction, string text, ArchiveOwner? first, ArchiveOwner? second)
    {
        long id = transaction.NextArchiveId();
        byte[] stanza = Encoding.UTF8.GetBytes(text);
        home.Archive.Append(transaction, new ArchivedMessage(id, home.Clock.GetUtcNow(), stanza, first, second));
        return id;
    }

    public ArchivePage Query(long account, ArchiveQuery query) => home.Read(a => home.Archive.Query(a, account, query));

    /// <summary>The texts of a page, oldest first.</summary>
    public string[] Texts(long account, ArchiveQuery? query = null) =>
        Texts(Query(account, query ?? new ArchiveQuery()).Rows);

    public static string[] Texts(IEnumerable<ArchiveRow> rows) =>
        [.. rows.Select(row => Encoding.UTF8.GetString(row.Stanza))];
}
