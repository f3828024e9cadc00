using Xmpp.Server.Stores;

namespace Xmpp.Server.Federation;

/// <summary>Which servers were ever reached: for them it is worth waiting.</summary>
internal sealed class KnownServers(XmppServer server)
{
    private static readonly TimeSpan _fresh = TimeSpan.FromDays(1);

    public bool Contain(string domain) => SeenAt(domain) is not null;

    private DateTimeOffset? SeenAt(string domain)
    {
        using Access access = server.Stores.Database.OpenRead();
        return server.Stores.Queue.Seen(access, domain);
    }

    /// <summary>It is reached: written once a day.</summary>
    public void Note(string domain)
    {
        DateTimeOffset now = server.Time.GetUtcNow();
        if (SeenAt(domain) is not { } seen || (now - seen).Duration() >= _fresh)
            server.Stores.Database.Enqueue(new Sighting(server, domain, now));
    }

    private sealed class Sighting(XmppServer server, string domain, DateTimeOffset time) : Commit
    {
        public override void Write(Transaction transaction) => server.Stores.Queue.NoteSeen(transaction, domain, time);

        public override void Failed(Exception error) => server.Log.QueueNotWritten(error, domain);
    }
}
