using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>What people here reported as they blocked somebody (XEP-0377), until an admin has seen to it.</summary>
public sealed class ReportInbox
{
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
