using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>What people here reported as they blocked somebody (XEP-0377), until an admin has seen to it.</summary>
public sealed class ReportInbox
{
    /// <summary>Of one reporter; a new one takes the place of the oldest.</summary>
    public const int MostOfOne = 100;
    private readonly XmppServer _server;

    internal ReportInbox(XmppServer server) => _server = server;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<ReportRecord> List()
    {
        using Access access = _server.Stores.Database.OpenRead();
        return _server.Stores.Accounts.Reports(access);
    }

    /// <summary>An admin has seen to it.</summary>
    /// <exception cref="RefusedException">There is no such report.</exception>
    public Task DismissAsync(long id) => new Dismissal(_server, id).DoAsync();

    /// <summary>In the transaction of the block that they came with.</summary>
    internal static void Add(XmppServer server, Transaction transaction, IReadOnlyList<ReportRecord> reports)
    {
        foreach (ReportRecord report in reports)
            server.Stores.Accounts.AddReport(transaction, report);
        foreach (long reporter in reports.Select(report => report.Reporter).Distinct())
            server.Stores.Accounts.TrimReports(transaction, reporter, MostOfOne);
    }

    /// <summary>Tells the admins, once they are on disk.</summary>
    internal void Tell(Account reporter, IReadOnlyList<ReportRecord> reports)
    {
        foreach (ReportRecord report in reports)
            _server.Home.Box.TellAdmins(
                _server.Home.Box.Texts.Report(reporter.Name, report.Contact, report.Reason, report.Text)
            );
    }

    private sealed class Dismissal(XmppServer server, long id) : Change(server)
    {
        public override void Write(Transaction transaction)
        {
            if (!Server.Stores.Accounts.RemoveReport(transaction, id))
                throw new RefusedException(Refusal.NoRequest, $"There is no report {id}.");
        }
    }
}
