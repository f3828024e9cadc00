using System.Globalization;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0215 External Service Discovery: where the household's own people find STUN and TURN, and what they get in with for a
/// day. Nothing is pushed (§3.2 leaves it open): what there is changes only with a restart, which ends the streams.
/// </summary>
internal sealed class ExternalServices(XmppServer server) : Extension
{
    private const string Ns = "urn:xmpp:extdisco:2";

    /// <summary>A client that stays signed in asks anew for each call, or when this is over (XEP-0215 §2, "expires").</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public override void Declare(Declarations declare)
    {
        declare.Implements("0215", "External Service Discovery", "1.0.0");
        if (server.Options.ExternalServices is not { Services.Count: > 0 } offered)
            return;
        declare.ServerFeature(Ns);
        declare.OnGet(Target.Server, Ns, "services", request => new(List(request, offered)));
        declare.OnGet(Target.Server, Ns, "credentials", request => new(Give(request, offered)));
    }

    // §3.1, §3.2.
    private Reply List(Request request, IExternalServices offered)
    {
        Credential credential = Make(request, offered);
        string? type = request.Payload.Attribute("type");
        XmlBuilder answer = new XmlBuilder().Start("services", Ns).Attribute("type", type);
        foreach (ExternalService each in offered.Services)
            if (type is null || each.Type == type)
                Write(answer, each, credential);
        return Reply.Result(answer);
    }

    // §3.3: host and type name it, the port where there are several; one that has no credentials is not found.
    private Reply Give(Request request, IExternalServices offered)
    {
        Credential credential = Make(request, offered);
        Element wanted = request.Payload.Child("service", Ns);
        if (
            wanted.Attribute("host") is not { Length: > 0 } host
            || wanted.Attribute("type") is not { Length: > 0 } type
        )
            return Reply.Error(StanzaError.BadRequest("which host, and which type of service?"));
        string? port = wanted.Attribute("port");
        string? transport = wanted.Attribute("transport");
        ExternalService[] found =
        [
            .. offered.Services.Where(each =>
                each.IsRestricted
                && each.Type == type
                && each.Host.Equals(host, StringComparison.OrdinalIgnoreCase)
                && (port is null || port == each.Port.ToString(CultureInfo.InvariantCulture))
                && (transport is null || transport == each.Transport)
            ),
        ];
        if (found.Length == 0)
            return Reply.Error(StanzaError.ItemNotFound());
        XmlBuilder answer = new XmlBuilder().Start("credentials", Ns);
        foreach (ExternalService each in found)
            Write(answer, each, credential);
        return Reply.Result(answer);
    }

    private Credential Make(Request request, IExternalServices offered)
    {
        // The relay carries its own people's calls; who is elsewhere brings a relay of their own.
        if (request.Session is not { } session)
            throw new StanzaErrorException(StanzaError.Forbidden("only for accounts of this server"));
        AccountRecord account = session.Account.Record;
        DateTimeOffset expires = server.Time.GetUtcNow() + Lifetime;
        // A guest's ends with the guest.
        if (account.Expires < expires)
            expires = account.Expires.Value;
        (string username, string password) = offered.Issue(account.Name, session.Device, expires);
        return new Credential(username, password, expires);
    }

    private static void Write(XmlBuilder to, ExternalService service, Credential credential)
    {
        to.Start("service")
            .Attribute("type", service.Type)
            .Attribute("host", service.Host)
            .Attribute("port", service.Port)
            .Attribute("transport", service.Transport);
        if (service.IsRestricted)
            to.Attribute("restricted", "1")
                .Attribute("username", credential.Username)
                .Attribute("password", credential.Password)
                .Attribute("expires", Stamp(credential.Expires));
        to.End();
    }

    // To the second: a credential carries no finer time.
    private static string Stamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private sealed record Credential(string Username, string Password, DateTimeOffset Expires);
}

/// <summary>One service beside XMPP (XEP-0215 §2).</summary>
/// <param name="Type">As registered: <c>stun</c>, <c>turn</c>, <c>turns</c>.</param>
/// <param name="Host">What clients connect to.</param>
/// <param name="Transport"><c>udp</c> or <c>tcp</c>.</param>
/// <param name="IsRestricted">It takes a credential.</param>
public sealed record ExternalService(string Type, string Host, int Port, string Transport, bool IsRestricted);

/// <summary>What the box offers beside XMPP, and who may use it; whoever composes the server brings it.</summary>
public interface IExternalServices
{
    /// <summary>In the order in which clients should try them.</summary>
    IReadOnlyList<ExternalService> Services { get; }

    /// <summary>A credential that is good until then, to the second.</summary>
    /// <param name="account">The account's name.</param>
    /// <param name="device">The number of its device.</param>
    (string Username, string Password) Issue(string account, long device, DateTimeOffset expires);

    /// <summary>What was issued to the account opens nothing any more; what it was used for until now goes on.</summary>
    void Revoke(string account);

    /// <summary>The account is locked, removed or has another password: what was issued to it ends, and what it is used for now.</summary>
    void End(string account);

    /// <summary>The same for one device of the account; the credentials and calls of the others stay.</summary>
    void EndDevice(string account, long device);
}
