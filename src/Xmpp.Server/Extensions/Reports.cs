using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0377 Spam Reporting: what comes with a block is kept for the admins, and each report is one message to them (laws,
/// "The box is a contact").
/// </summary>
internal sealed class Reports : Extension
{
    private const string Ns = "urn:xmpp:reporting:1";
    private const int LongestText = 4096;

    public override void Declare(Declarations declare)
    {
        declare.Implements("0377", "Spam Reporting", "0.4.0");
        declare.ServerFeature(Ns);
        declare.AccountFeature(Ns);
    }

    /// <summary>The reports inside a block command's items.</summary>
    /// <exception cref="StanzaErrorException"><c>bad-request</c>: a report without a reason.</exception>
    public static List<ReportRecord> Read(XmppServer server, Account reporter, Element block)
    {
        var reports = new List<ReportRecord>();
        foreach (Element item in block.Children)
        {
            Element report = item.Child("report", Ns);
            if (!report.Exists || !Jid.TryParse(item.Attribute("jid"), out Jid? contact))
                continue;
            string reason =
                report.Attribute("reason")
                ?? throw new StanzaErrorException(StanzaError.BadRequest("a report has a reason"));
            string text = report.Child("text").Text.Trim();
            reports.Add(
                new(
                    reporter.Id,
                    contact.ToString(),
                    reason,
                    text.Length == 0 ? null : text[..Math.Min(text.Length, LongestText)],
                    report.Bytes.ToArray(),
                    server.Time.GetUtcNow()
                )
            );
        }
        return reports;
    }

    /// <summary>Tells each admin of each report, once it is on disk.</summary>
    public static void Tell(XmppServer server, Account reporter, IReadOnlyList<ReportRecord> reports)
    {
        if (reports.Count == 0)
            return;
        Account[] admins = [.. Admins(server)];
        foreach (ReportRecord report in reports)
        foreach (Account admin in admins)
            server.Dispatcher.Messages.FromBox(Notice(server, reporter, report, admin), admin);
    }

    private static IEnumerable<Account> Admins(XmppServer server)
    {
        List<string> names = [];
        using (Access access = server.Stores.Database.OpenRead())
            foreach (AccountRecord record in server.Stores.Accounts.List(access))
                if (record.Role == Role.Admin)
                    names.Add(record.Name);
        foreach (string name in names)
            if (server.Accounts.Find(name) is { } admin)
                yield return admin;
    }

    private static Stanza Notice(XmppServer server, Account reporter, ReportRecord report, Account admin)
    {
        string what = report.Reason switch
        {
            "urn:xmpp:reporting:spam" => "unwanted messages",
            "urn:xmpp:reporting:abuse" => "abuse",
            _ => report.Reason,
        };
        string text = report.Text is null ? "" : $": {report.Text}";
        return new()
        {
            Kind = StanzaKind.Message,
            Type = StanzaType.Chat,
            From = server.Address,
            To = admin.Jid,
            Payload = new XmlBuilder()
                .Element("body", $"{reporter.Name} blocked {report.Contact} and reports {what}{text}")
                .ToArray(),
        };
    }
}
