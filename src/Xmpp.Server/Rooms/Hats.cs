using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>What people wear in every room (XEP-0317 §4): admins of the home, and guardians.</summary>
internal static class Hats
{
    /// <summary>The element behind a presence; empty for who wears nothing.</summary>
    public static ReadOnlyMemory<byte> Of(XmppServer server, Account? account)
    {
        if (account is null)
            return default;
        bool admin = account.Record.Role == Role.Admin;
        bool guardian = IsGuardian(server, account);
        if (!admin && !guardian)
            return default;
        XmlBuilder hats = new XmlBuilder().Start("hats", RoomNs.Hats);
        if (admin)
            Hat(hats, "Admin", "urn:xmpp:kith:hats:admin");
        if (guardian)
            Hat(hats, "Guardian", "urn:xmpp:kith:hats:guardian");
        return hats.ToArray();
    }

    private static bool IsGuardian(XmppServer server, Account account)
    {
        using Access access = server.Stores.Database.OpenRead();
        return server.Stores.Household.IsGuardian(access, account.Id);
    }

    private static void Hat(XmlBuilder hats, string title, string uri) =>
        hats.Start("hat").Attribute("title", title).Attribute("uri", uri).End();
}
