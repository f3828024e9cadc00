using System.Net;
using System.Text;
using System.Xml.Linq;
using Shouldly;
using Xmpp.Server.Streams.Bosh;
using Xmpp.Xml;

namespace Server.Tests.Plays.Stage;

/// <summary>A client over BOSH, without the HTTP around it.</summary>
internal sealed class BoshClient(BoshService service)
{
    public const string Namespace = "http://jabber.org/protocol/httpbind";
    public const string Xbosh = "urn:xmpp:xbosh";

    public string Sid { get; private set; } = "";
    public long Rid { get; set; } = 1573741820;

    /// <summary>The first answer.</summary>
    public XElement Session { get; private set; } = null!;

    /// <summary>Begins a session.</summary>
    public async Task<XElement> OpenAsync(string attributes = "wait='40' hold='1' ver='1.6'")
    {
        Session = await PostAsync(attributes + " to='kith.test' xml:lang='en' xmpp:version='1.0'", sid: false);
        Sid = Session.Attribute("sid")!.Value;
        return Session;
    }

    /// <summary>The next request.</summary>
    public Task<XElement> PostAsync(string attributes = "", string payload = "", bool sid = true) =>
        PostAsync(Rid++, attributes, payload, sid);

    /// <summary>A request with this id.</summary>
    public async Task<XElement> PostAsync(long rid, string attributes = "", string payload = "", bool sid = true)
    {
        string session = sid ? $" sid='{Sid}'" : "";
        BoshResponse response = await RawAsync(
            $"<body xmlns='{Namespace}' xmlns:xmpp='{Xbosh}' rid='{rid}'{session} {attributes}>{payload}</body>"
        );
        response.Status.ShouldBe(200);
        XElement body = XElement.Parse(Encoding.UTF8.GetString(response.Body), LoadOptions.PreserveWhitespace);
        body.Name.ShouldBe(XName.Get("body", Namespace));
        return body;
    }

    public Task<BoshResponse> RawAsync(string body, bool secure = true, CancellationToken cancellation = default) =>
        service
            .HandleAsync(Encoding.UTF8.GetBytes(body), IPAddress.Loopback, secure, cancellation)
            .WaitAsync(Actor.Patience, CancellationToken.None);

    public async Task<XElement> SayAsync(string payload) => await PostAsync("", payload);

    /// <summary>Signs in by SASL2 and binds.</summary>
    public async Task<XElement> EnterAsync(string name, string bind = "<bind xmlns='urn:xmpp:bind:0'/>")
    {
        await OpenAsync();
        XElement answer = await SayAsync(
            $"<authenticate xmlns='{Ns.Sasl2}' mechanism='PLAIN'><initial-response>{SignIn.PlainText(name, SignIn.Password)}</initial-response>{bind}</authenticate>"
        );
        answer.Elements().First().ShouldMatch($"<success xmlns='{Ns.Sasl2}'/>");
        return answer;
    }

    /// <summary>The server has read all that was sent, and what it did at once has come back.</summary>
    public async Task SettleAsync(string payload = "")
    {
        const string Ping =
            "<iq xmlns='jabber:client' type='get' to='kith.test' id='p'><ping xmlns='urn:xmpp:ping'/></iq>";
        XElement body = await SayAsync(payload + Ping);
        while (!body.Elements(XName.Get("iq", Ns.Client)).Any())
            body = await PostAsync();
    }

    public Task<XElement> LeaveAsync() => PostAsync("type='terminate'");

    public static void ShouldBeEmpty(XElement body)
    {
        body.Attribute("type").ShouldBeNull();
        body.HasElements.ShouldBeFalse();
    }

    public static void ShouldEnd(XElement body, string? condition)
    {
        body.Attribute("type")?.Value.ShouldBe("terminate");
        body.Attribute("condition")?.Value.ShouldBe(condition);
        (body.Attribute("condition") is null).ShouldBe(condition is null);
    }
}
