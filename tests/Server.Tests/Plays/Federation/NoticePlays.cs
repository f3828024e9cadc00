using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xunit;

namespace Server.Tests.Plays.Federation;

/// <summary>Nodes of people here, and those at other servers who want to hear of them (XEP-0163 §4, XEP-0060 §7.1.2).</summary>
public sealed class NoticePlays
{
    private const string Bob = "bob@" + FarServer.Domain;
    private const string Node = "http://jabber.org/protocol/nick";
    private const string Info = "http://jabber.org/protocol/disco#info";
    private const string Event = "http://jabber.org/protocol/pubsub#event";

    // XEP-0115 §5.1, of a client with one identity and one feature.
    private static readonly string _ver = Convert.ToBase64String(
        SHA1.HashData(Encoding.UTF8.GetBytes($"client/phone//<{Node}+notify<"))
    );

    private static string Caps(string ver) =>
        $"<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://far.test' ver='{ver}'/>";

    private static string Publish(string nick) =>
        $"<iq type='set'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='{Node}'>"
        + $"<item id='current'><nick xmlns='{Node}'>{nick}</nick></item></publish></pubsub></iq>";

    private static string Notice(Actor anna, string to, string nick) =>
        $"<message from='{anna.Bare}' to='{to}' type='headline'><event xmlns='{Event}'><items node='{Node}'>"
        + $"<item><nick xmlns='{Node}'>{nick}</nick></item></items></event></message>";

    // Bob, who sees Anna's presence, comes with a client that says what it is.
    private static async Task<(Actor Anna, FarLine Line)> Meet(Play play, FarServer far, string ver)
    {
        Actor anna = await play.Connect("anna", "phone");
        anna.SeesPresence = true;
        await anna.Ask(Publish("Ann"));
        FarLine line = await far.Enter(bidi: true);
        await line.Send($"<presence from='{Bob}' to='{anna.Bare}' type='subscribe'/>");
        await anna.Await($"<presence from='{Bob}' type='subscribe'/>");
        await anna.Send($"<presence to='{Bob}' type='subscribed'/>");
        await line.Expect("<presence type='subscribed'/>");
        await line.Expect($"<presence from='{anna.Jid}' type='{{none}}'/>");
        await line.Send($"<presence from='{Bob}/x' to='{anna.Bare}'>{Caps(ver)}</presence>");
        XElement asked = await line.Expect(
            $"<iq type='get' from='{anna.Bare}' to='{Bob}/x'><query xmlns='{Info}' node='https://far.test#{ver}'/></iq>"
        );
        await line.Send(
            $"<iq type='result' from='{Bob}/x' to='{anna.Bare}' id='{asked.Attribute("id")!.Value}'>"
                + $"<query xmlns='{Info}' node='https://far.test#{ver}'><identity category='client' type='phone'/>"
                + $"<feature var='{Node}+notify'/></query></iq>"
        );
        return (anna, line);
    }

    // XEP-0163 §4.3.4 and §4.3.1: the last item as it comes, then each as it is published, while it is there.
    [Theory, Framings]
    public async Task A_contacts_client_hears_what_it_is_interested_in(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        (Actor anna, FarLine line) = await Meet(play, far, _ver);
        await line.Expect(Notice(anna, $"{Bob}/x", "Ann"));
        await anna.Ask(Publish("Anna"));
        await line.Expect(Notice(anna, $"{Bob}/x", "Anna"));
        // The same software is known now.
        await line.Send($"<presence from='{Bob}/y' to='{anna.Bare}'>{Caps(_ver)}</presence>");
        await line.Expect(Notice(anna, $"{Bob}/y", "Anna"));
        await line.Send($"<presence from='{Bob}/x' to='{anna.Bare}' type='unavailable'/>");
        await line.Send($"<presence from='{Bob}/y' to='{anna.Bare}' type='unavailable'/>");
        await anna.Await($"<presence from='{Bob}/y' type='unavailable'/>");
        await anna.Ask(Publish("Anne"));
        await anna.Send($"<message to='{Bob}' id='1'><body>hi</body></message>");
        await line.Expect("<message id='1'><body>hi</body></message>");
    }

    // XEP-0115 §5.4: what does not hash to what was said is worth nothing.
    [Fact]
    public async Task A_client_that_is_not_what_it_says_hears_nothing()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        (Actor anna, FarLine line) = await Meet(play, far, "AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        await anna.Ask(Publish("Anna"));
        await anna.Send($"<message to='{Bob}' id='1'><body>hi</body></message>");
        await line.Expect("<message id='1'><body>hi</body></message>");
    }

    // XEP-0191 §3.3, §3.4: who is blocked sees her go and hears nothing more, until it is no longer.
    [Fact]
    public async Task Who_is_blocked_hears_nothing()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        (Actor anna, FarLine line) = await Meet(play, far, _ver);
        await line.Expect(Notice(anna, $"{Bob}/x", "Ann"));
        await anna.Ask($"<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='{Bob}'/></block></iq>");
        await line.Expect($"<presence from='{anna.Jid}' type='unavailable'/>");
        await anna.Ask(Publish("Anna"));
        await anna.Ask($"<iq type='set'><unblock xmlns='urn:xmpp:blocking'><item jid='{Bob}'/></unblock></iq>");
        await line.Expect($"<presence from='{anna.Jid}' to='{Bob}' type='{{none}}'/>");
    }

    // XEP-0060 §6.1, §7.1.2.1: subscribers of a node, wherever they are.
    [Theory, Framings]
    public async Task A_subscriber_elsewhere_hears_of_each_item(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Ask(
            $"<iq type='set'><pubsub xmlns='http://jabber.org/protocol/pubsub'><create node='open'/><configure>"
                + "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'>"
                + "<value>http://jabber.org/protocol/pubsub#node_config</value></field>"
                + "<field var='pubsub#access_model'><value>open</value></field></x></configure></pubsub></iq>",
            "<iq type='result'/>"
        );
        FarLine line = await far.Enter(bidi: true);
        await line.Send(
            $"<iq type='set' id='s' from='{Bob}/x' to='{anna.Bare}'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                + $"<subscribe node='open' jid='{Bob}'/></pubsub></iq>"
        );
        await line.Expect("<iq type='result' id='s'/>");
        await anna.Ask(
            "<iq type='set'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='open'>"
                + "<item id='1'><a xmlns='b'/></item></publish></pubsub></iq>",
            "<iq type='result'/>"
        );
        XElement came = await line.Expect(
            $"<message from='{anna.Bare}' to='{Bob}'><event xmlns='{Event}'><items node='open'><item id='1'><a xmlns='b'/></item></items></event></message>"
        );
        came.Attribute("type")!.Value.ShouldBe("headline");
    }
}
