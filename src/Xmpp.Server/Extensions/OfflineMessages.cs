using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0160 offline messages, out of the archive (laws, "Offline"): what came after the account's delivered mark is sent
/// to the session that becomes available, with XEP-0203 delays.
/// </summary>
internal sealed class OfflineMessages : Extension
{
    private const int PageSize = 100;

    public override void Declare(Declarations declare)
    {
        declare.Implements("0160", "Best Practices for Handling Offline Messages", "1.0.1");
        declare.Implements("0203", "Delayed Delivery", "2.0");
        declare.ServerFeature("msgoffline", Ns.Delay);
    }

    /// <summary>
    /// Called on the writer's thread as the session becomes available: what was released before is sent from the archive,
    /// what is released later comes live, behind the catch-up.
    /// </summary>
    public static void Begin(XmppServer server, Session session)
    {
        // Who reads the archive gets the rest there, but for what is hidden in it.
        bool onlyHidden = session.QueriedArchive || session.BoundBy2;
        session.BeginCatchUp();
        long from = session.Account.Delivered;
        long upTo = server.Dispatcher.Messages.LastReleased;
        if (upTo <= from)
        {
            session.EndCatchUp();
            return;
        }
        _ = Task.Run(() => CatchUpAsync(server, session, (from, upTo, onlyHidden)));
    }

    /// <summary>
    /// Called on the writer's thread as quiet hours end: the messages of these places, that waited, are sent to a session
    /// that is available.
    /// </summary>
    public static void BeginWaited(XmppServer server, Session session, IReadOnlyList<long> ids)
    {
        session.BeginCatchUp();
        HashSet<long> waited = [.. ids];
        _ = Task.Run(() => CatchUpAsync(server, session, (ids[0] - 1, ids[^1], false), waited));
    }

    private static async Task CatchUpAsync(
        XmppServer server,
        Session session,
        (long After, long UpTo, bool OnlyHidden) range,
        HashSet<long>? only = null
    )
    {
        try
        {
            while (!session.HasEnded)
            {
                IReadOnlyList<ArchiveRow> page = Read(server, session.Account, range);
                Give(server, session, only is null ? page : [.. page.Where(row => only.Contains(row.Id))]);
                if (page.Count < PageSize)
                    break;
                range.After = page[^1].Id;
                await session.DrainAsync(CancellationToken.None);
            }
            session.EndCatchUp();
        }
        catch (Exception bug)
        {
            // What came since stays behind the gap, and is undelivered with it.
            server.Log.Bug(bug, session.Jid);
            session.KickLater(StreamErrorCondition.InternalServerError, "what waits cannot be read");
        }
    }

    // What other devices have not acknowledged, it answers for with them.
    private static void Give(XmppServer server, Session session, IReadOnlyList<ArchiveRow> page)
    {
        if (page.Count == 0)
            return;
        Dictionary<long, Takers> takers = [];
        foreach (Session other in session.Account.Sessions)
            if (other != session)
                other.CollectTakers(page[0].Id, page[^1].Id, takers);
        foreach (ArchiveRow row in page)
        {
            Outgoing late = Delayed(server, session, row);
            Takers of = takers.GetValueOrDefault(row.Id) ?? new(late.Stanza!, late.To, late.Suffix, row.Id);
            of.Give(session, late, ahead: true);
        }
    }

    private static IReadOnlyList<ArchiveRow> Read(
        XmppServer server,
        Account account,
        (long After, long UpTo, bool OnlyHidden) range
    )
    {
        using Access access = server.Stores.Database.OpenRead();
        return server.Stores.Archive.Undelivered(
            access,
            account.Id,
            range.After,
            range.UpTo,
            PageSize,
            range.OnlyHidden
        );
    }

    private static Outgoing Delayed(XmppServer server, Session session, ArchiveRow row)
    {
        Stanza.TryRead(XmlFragment.Parse(row.Stanza).Root, out Stanza? stanza, out _);
        XmlBuilder suffix = new();
        if (!row.Flags.HasFlag(EntryFlags.Hidden))
            suffix.Copy(StanzaIds.Stamp(session.Account, row.Id));
        suffix
            .Start("delay", Ns.Delay)
            .Attribute("from", server.Options.Domain)
            .Attribute("stamp", XmlText.Stamp(row.Time))
            .End();
        return new Outgoing(stanza!, stanza!.To, suffix.ToArray(), row.Id);
    }
}
