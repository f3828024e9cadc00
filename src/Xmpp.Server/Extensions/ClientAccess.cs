using System.Globalization;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0494 Client Access Management: a person sees the devices that may use the account, and ends one. What signed in
/// with the password itself can only be locked out by a new password (§3.2).
/// </summary>
internal sealed class ClientAccess(XmppServer server) : Extension
{
    private const string Ns = "urn:xmpp:cam:0";

    private static readonly StanzaError _passwordFirst = StanzaError.ServiceUnavailable() with
    {
        Extra = new XmlBuilder().Empty("password-reset-required", Ns).ToArray(),
    };

    public override void Declare(Declarations declare)
    {
        declare.Implements("0494", "Client Access Management", "0.1.0");
        declare.AccountFeature(Ns);
        declare.OnGet(Target.OwnAccount, Ns, "list", List);
        declare.OnSet(Target.OwnAccount, Ns, "revoke", Revoke);
        declare.Closed.Add(server.Devices.Left);
    }

    private ValueTask<Reply> List(Request request)
    {
        Account account = request.Own.Account;
        XmlBuilder clients = new XmlBuilder().Start("clients", Ns);
        using Access access = server.Stores.Database.OpenRead();
        foreach (DeviceRecord device in server.Stores.Accounts.Devices(access, account.Id))
            Write(clients, account, device, server.FastTokens.HasTokens(access, device.Id));
        return new(Reply.Result(clients));
    }

    private void Write(XmlBuilder clients, Account account, DeviceRecord device, bool hasTokens)
    {
        bool connected = account.Sessions.Any(session => session.Device == device.Id);
        DateTimeOffset seen = connected ? server.Time.GetUtcNow() : device.LastSeen;
        clients
            .Start("client")
            .Attribute("connected", connected ? "true" : "false")
            .Attribute("id", device.Id)
            .Attribute("type", "session")
            .Element("first-seen", XmlText.Stamp(device.Created))
            .Element("last-seen", XmlText.Stamp(seen))
            .Start("auth");
        if (device.UsedPassword)
            clients.Empty("password");
        if (hasTokens)
            clients.Empty("fast");
        clients.End().Start("permission").Attribute("status", "unrestricted").End().Start("user-agent");
        string? resource = device.Key.StartsWith(Devices.ResourcePrefix, StringComparison.Ordinal)
            ? device.Key[Devices.ResourcePrefix.Length..]
            : null;
        if ((device.Software ?? resource) is { } software)
            clients.Element("software", software);
        if (device.Name is { } name)
            clients.Element("device", name);
        clients.End().End();
    }

    private ValueTask<Reply> Revoke(Request request)
    {
        Account account = request.Own.Account;
        if (
            !long.TryParse(
                request.Payload.Attribute("id"),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out long id
            )
        )
            return new(Reply.Error(StanzaError.ItemNotFound()));
        Action? ended = null;
        return new(Reply.After(transaction => End(transaction, account, id, out ended), () => ended?.Invoke()));
    }

    private Reply End(Transaction transaction, Account account, long id, out Action? ended)
    {
        ended = null;
        DeviceRecord? device = server.Stores.Accounts.FindDevice(transaction, id);
        if (device?.Account != account.Id)
            return Reply.Error(StanzaError.ItemNotFound());
        if (device.UsedPassword)
            return Reply.Error(_passwordFirst);
        ended = server.Devices.End(transaction, account, device);
        return Reply.Empty;
    }
}
