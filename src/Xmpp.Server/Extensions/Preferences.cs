using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>XEP-0441 Message Archive Management Preferences: what a person wants kept. What they mean is in <see cref="ArchiveKeeping"/>.</summary>
internal sealed class Preferences(XmppServer server) : Extension
{
    private const int MostAddresses = 1000;

    public override void Declare(Declarations declare)
    {
        declare.Implements("0441", "Message Archive Management Preferences", "0.2.0");
        declare.OnGet(
            Target.OwnAccount,
            Ns.Archive,
            "prefs",
            request => new(Reply.Result(Write(request.Own.Account.Preferences)))
        );
        declare.OnSet(Target.OwnAccount, Ns.Archive, "prefs", Set);
    }

    private ValueTask<Reply> Set(Request request)
    {
        Account account = request.Own.Account;
        ArchivePreferences wanted = Read(request.Payload);
        return new(
            Reply.After(
                transaction =>
                {
                    server.Stores.Archive.SetPreferences(transaction, account.Id, wanted);
                    return Reply.Result(Write(wanted));
                },
                () => account.Preferences = wanted
            )
        );
    }

    private static ArchivePreferences Read(Element prefs)
    {
        string standard = prefs.Attribute("default") ?? "";
        if (standard is not ("always" or "never" or "roster"))
            throw new StanzaErrorException(StanzaError.BadRequest("default is always, never or roster"));
        return new(standard, Addresses(prefs.Child("always")), Addresses(prefs.Child("never")));
    }

    private static List<Jid> Addresses(Element list)
    {
        var addresses = new List<Jid>();
        foreach (Element child in list.Children)
        {
            if (!child.Is("jid", Ns.Archive))
                continue;
            if (!Jid.TryParse(child.Text.Trim(), out Jid? jid))
                throw new StanzaErrorException(StanzaError.JidMalformed());
            addresses.Add(jid);
        }
        return addresses.Count <= MostAddresses
            ? addresses
            : throw new StanzaErrorException(StanzaError.PolicyViolation("too many addresses"));
    }

    private static XmlBuilder Write(ArchivePreferences preferences)
    {
        var prefs = new XmlBuilder().Start("prefs", Ns.Archive).Attribute("default", preferences.Default);
        WriteList(prefs, "always", preferences.Always);
        WriteList(prefs, "never", preferences.Never);
        return prefs;
    }

    private static void WriteList(XmlBuilder prefs, string name, IReadOnlyList<Jid> addresses)
    {
        prefs.Start(name);
        foreach (Jid address in addresses)
            prefs.Element("jid", address.ToString());
        prefs.End();
    }
}
