using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0012 Last Activity: how long the server runs, and when a person was last there, which is told to those who see
/// their presence. A client's idle time is the client's to tell (<c>Routing.Iqs</c> guards it alike).
/// </summary>
internal sealed class LastActivity(XmppServer server) : Extension
{
    public const string Ns = "jabber:iq:last";
    private readonly long _started = server.Time.GetTimestamp();

    public override void Declare(Declarations declare)
    {
        declare.Implements("0012", "Last Activity", "2.0");
        declare.ServerFeature(Ns);
        declare.AccountFeature(Ns);
        declare.OnGet(
            Target.Server | Target.OwnAccount | Target.OtherAccount,
            Ns,
            "query",
            request => new(request.Subject is { } account ? OfAccount(request, account) : OfServer())
        );
    }

    // §5.
    private Reply OfServer() => Answer(server.Time.GetElapsedTime(_started), null);

    // §3.
    private Reply OfAccount(Request request, Account account)
    {
        if (!server.Dispatcher.Presences.MaySee(request))
            return Reply.Error(server.Dispatcher.Iqs.NotForYou(request));
        if (account.Sessions.Any(session => session.Presence is not null || session.IsAttached) || account.IsLeaving)
            return Answer(TimeSpan.Zero, null);
        AccountRecord record = account.Record;
        TimeSpan away = server.Time.GetUtcNow() - (record.LastSeen ?? record.Created);
        return Answer(away, record.LastStatus);
    }

    // A clock that was set back makes nobody come from the future.
    private static Reply Answer(TimeSpan time, string? status)
    {
        var query = new XmlBuilder().Start("query", Ns).Attribute("seconds", Math.Max(0, (long)time.TotalSeconds));
        return Reply.Result(status is null ? query : query.Text(status));
    }
}
