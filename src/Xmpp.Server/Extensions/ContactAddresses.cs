namespace Xmpp.Server.Extensions;

/// <summary>XEP-0157 Contact Addresses: the settings' own, or else the admins'.</summary>
internal sealed class ContactAddresses(XmppServer server) : Extension
{
    private const string Type = "http://jabber.org/network/serverinfo";

    // Who the admins are changes seldom, and each new stream asks.
    private static readonly TimeSpan _good = TimeSpan.FromMinutes(1);
    private DiscoForm? _form;
    private long? _made;

    public override void Declare(Declarations declare)
    {
        declare.Implements("0157", "Contact Addresses for XMPP Services", "1.1.1");
        declare.ServerForms.Add(Form);
    }

    private DiscoForm? Form()
    {
        // Also that there are none: every new stream asks.
        if (_made is { } made && server.Time.GetElapsedTime(made) < _good)
            return _form;
        string[] addresses = [.. Addresses().Select(Uri)];
        _form =
            addresses.Length == 0
                ? null
                : new DiscoForm(
                    Type,
                    [
                        new("abuse-addresses", addresses),
                        new("admin-addresses", addresses),
                        new("support-addresses", addresses),
                    ]
                );
        _made = server.Time.GetTimestamp();
        return _form;
    }

    private IEnumerable<string> Addresses()
    {
        if (server.Options.ContactAddresses.Count > 0)
            return server.Options.ContactAddresses;
        return server.Accounts.AdminNames().Select(name => $"{name}@{server.Options.Domain}");
    }

    private static string Uri(string address) =>
        address.Contains(':', StringComparison.Ordinal) ? address : "xmpp:" + address;
}
