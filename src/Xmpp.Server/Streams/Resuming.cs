using System.Globalization;
using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Streams;

/// <summary>XEP-0198 §5, whichever way it is asked for.</summary>
internal static class Resuming
{
    /// <summary>
    /// The session promised to the stream and <c>&lt;resumed/&gt;</c>; or null and <c>&lt;failed/&gt;</c>, with <c>h</c>
    /// where it is known.
    /// </summary>
    public static async Task<(Attachment? Attachment, byte[] Answer)> TryAsync(
        ClientStream stream,
        Account account,
        Element resume
    )
    {
        XmppServer server = stream.Server;
        string? id = resume.Attribute("previd");
        if (id is null || !uint.TryParse(resume.Attribute("h"), CultureInfo.InvariantCulture, out uint handled))
            return (null, Failed("bad-request", null));
        Session? session = server.Resumptions.Find(id);
        if (session is not null && session.Account.Id == account.Id)
        {
            Attachment? attachment = await session.ResumeAsync(stream.Transport, handled);
            return attachment is null
                ? (null, Failed("item-not-found", session.Handled))
                : (attachment, Resumed(id, session.Handled));
        }
        using Access access = server.Stores.Database.OpenRead();
        SessionMark? mark = server.Stores.Sessions.Find(access, Resumptions.Hash(id));
        return (null, Failed("item-not-found", mark?.Account == account.Id ? mark.Inbound : null));
    }

    private static byte[] Resumed(string id, uint handled) =>
        new XmlBuilder(around: "")
            .Start("resumed", Ns.StreamManagement)
            .Attribute("previd", id)
            .Attribute("h", handled)
            .ToArray();

    private static byte[] Failed(string condition, uint? handled)
    {
        var builder = new XmlBuilder(around: "").Start("failed", Ns.StreamManagement);
        if (handled is { } known)
            builder.Attribute("h", known);
        return builder.Empty(condition, Ns.StanzaErrors).ToArray();
    }
}
