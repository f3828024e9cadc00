using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Streams;

/// <summary>
/// XEP-0386 Bind 2: a session with all that a client needs, inside its sign-in. It catches up from the archive by
/// itself, so that what waited for delivery counts as delivered (laws, "Offline").
/// </summary>
internal static class Bind2
{
    private const int LongestTag = 64;

    public static void WriteFeature(XmlBuilder inline, XmppServer server)
    {
        inline.Start("bind", Ns.Bind2).Start("inline");
        var namespaces = server.Dispatcher.Declared.Inline.Keys.Select(key => key.Namespace).Distinct();
        foreach (string ns in namespaces.Order(StringComparer.Ordinal))
            inline.Start("feature").Attribute("var", ns).End();
        inline.End().End();
    }

    /// <summary>The session and <c>&lt;bound/&gt;</c>.</summary>
    public static async Task<(Session Session, byte[] Bound)> BindAsync(
        Binding binding,
        XmppServer server,
        Account account,
        Sasl2Request request
    )
    {
        XmlBuilder bound = new XmlBuilder(around: "").Start("bound", Ns.Bind2);
        long newest = 0;
        void Prepare(Session session)
        {
            session.BoundBy2 = true;
            newest = WriteArchive(bound, server, account);
            foreach (Element feature in request.Bind.Children)
                if (server.Dispatcher.Declared.Inline.TryGetValue((feature.Name, feature.Namespace), out var enable))
                    enable(session, feature, bound);
        }
        string tag = request.Bind.Child("tag").Text.Trim();
        string id = ServerPart(server.Options.Secret, account, request.Agent, tag);
        bool tagged = tag.Length is > 0 and <= LongestTag;
        Session session =
            (tagged ? await binding.BindAsync($"{tag}/{id}", Prepare) : null)
            ?? await binding.BindAsync(id, Prepare)
            ?? throw new InvalidOperationException("base64 is a resource");
        server.Marks.Delivered(account, server.Marks.CaughtUp(session, newest));
        await EndEarlierAsync(account, session, request.Agent);
        return (session, bound.ToArray());
    }

    // §3.2.1: the same device keeps its resource, which does not tell the device's id.
    private static string ServerPart(byte[] secret, Account account, UserAgent agent, string tag) =>
        Base64Url.EncodeToString(
            agent.Id is null
                ? RandomNumberGenerator.GetBytes(9)
                : HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"resource\0{account.Id}\0{agent.Id}\0{tag}"))[..9]
        );

    // The state of the archive as the session is bound (XEP-0313 §5); returns up to where everything is committed.
    private static long WriteArchive(XmlBuilder bound, XmppServer server, Account account)
    {
        using Access access = server.Stores.Database.OpenRead();
        bound.Start("metadata", Ns.Archive);
        if (server.Stores.Archive.Bounds(access, account.Id) is { } bounds)
        {
            WriteEntry("start", bounds.First);
            WriteEntry("end", bounds.Last);
        }
        bound.End();
        return server.Stores.Archive.LastId(access);

        void WriteEntry(string name, ArchiveRow row) =>
            bound.Start(name).Attribute("id", row.Id).Attribute("timestamp", XmlText.Stamp(row.Time)).End();
    }

    // §3.2: one installation has one session. Only earlier ones, which in turn wait for none but earlier ones.
    private static async Task EndEarlierAsync(Account account, Session session, UserAgent agent)
    {
        if (agent.Id is null)
            return;
        foreach (Session other in account.Sessions.TakeWhile(other => other != session))
            if (other.Device == session.Device)
                await other.KickAsync(StreamErrorCondition.Conflict, "replaced by a new connection");
    }
}
