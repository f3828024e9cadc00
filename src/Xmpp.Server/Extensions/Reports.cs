using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0377 Blocking Command Reports: what comes with a block is kept for the admins (<see cref="ReportInbox"/>), and each
/// report is one message to them (laws, "The box is a contact"). Nothing is forwarded to anybody else (§4).
/// </summary>
internal sealed class Reports : Extension
{
    private const string Ns = "urn:xmpp:reporting:1";
    private const int LongestText = 4096;

    /// <summary>In one request; each is a message to the admins.</summary>
    private const int MostAtOnce = 20;

    public override void Declare(Declarations declare)
    {
        declare.Implements("0377", "Blocking Command Reports", "0.4.1");
        declare.ServerFeature(Ns);
        declare.AccountFeature(Ns);
    }

    /// <summary>The reports inside a block command's items.</summary>
    /// <exception cref="StanzaErrorException">
    /// <c>bad-request</c>: a report without a reason; <c>policy-violation</c>: too many.
    /// </exception>
    public static List<ReportRecord> Read(XmppServer server, Account reporter, Element block)
    {
        var reports = new List<ReportRecord>();
        foreach (Element item in block.Children)
        {
            Element report = item.Child("report", Ns);
            if (!report.Exists || !Jid.TryParse(item.Attribute("jid"), out Jid? contact))
                continue;
            if (reports.Count == MostAtOnce)
                throw new StanzaErrorException(StanzaError.PolicyViolation($"{MostAtOnce} reports at once"));
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
}
