using Server.Tests.Plays.Stage;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0280: a person's devices see the same conversations.</summary>
public sealed class CarbonPlays
{
    private const string Forged = """
        <received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>
          <message xmlns='jabber:client' from='juliet@kith.test/balcony' to='romeo@kith.test' type='chat'><body>forged</body></message>
        </forwarded></received>
        """;

    private sealed record Cast(Actor Phone, Actor Laptop, Actor Old, Actor Juliet);

    // Romeo's phone talks, his laptop has carbons, his old device has not.
    private static async Task<Cast> Assemble(Play play) =>
        new(
            await play.Connect("romeo", "phone"),
            await play.Connect("romeo", "laptop", carbons: true),
            await play.Connect("romeo", "old", priority: -1),
            await play.Connect("juliet", "balcony")
        );

    private static string Copy(
        string direction,
        Actor device,
        Actor from,
        string to,
        string id,
        string type = "chat"
    ) =>
        $"""
            <message from='{device.Bare}' to='{device.Jid}' type='{type}'><{direction} xmlns='urn:xmpp:carbons:2'>
              <forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='{from.Jid}' to='{to}' id='{id}' type='{type}'/></forwarded>
            </{direction}></message>
            """;

    // §7, §8: and the copies carry the id of the archive (XEP-0313 §3.6).
    [Theory, Framings]
    public async Task What_one_device_says_or_hears_the_others_see(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor laptop, Actor old, Actor juliet) = await Assemble(play);

        await phone.Send($"<message to='{juliet.Jid}' type='chat' id='m1'><body>x</body></message>");
        await juliet.Expect("<message id='m1'/>");
        (await laptop.Expect(Copy("sent", laptop, phone, juliet.Jid, "m1"))).ShouldMatch(
            $"""
            <message><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'>
              <body>x</body><stanza-id xmlns='{Ns.StanzaId}' by='{phone.Bare}'/>
            </message></forwarded></sent></message>
            """
        );
        await juliet.Send($"<message to='{phone.Jid}' type='chat' id='m2'><body>x</body></message>");
        await phone.Expect("<message id='m2'/>");
        await laptop.Expect(Copy("received", laptop, juliet, phone.Jid, "m2"));
        await play.ExpectNothing(phone, laptop, old, juliet);
    }

    // §7: who got the message itself gets no copy.
    [Theory, Framings]
    public async Task A_message_to_everybody_is_copied_to_those_it_missed(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor laptop, Actor old, Actor juliet) = await Assemble(play);
        await SignIn.CarbonsAsync(old);

        await juliet.Send($"<message to='{phone.Bare}' type='chat' id='m1'><body>x</body></message>");

        await phone.Expect("<message id='m1'/>");
        await laptop.Expect("<message id='m1'/>");
        await old.Expect(Copy("received", old, juliet, phone.Bare, "m1"));
        await play.ExpectNothing(phone, laptop, old, juliet);
    }

    // §6.1.
    [Theory, Framings]
    public async Task Only_what_people_say_to_each_other_is_copied(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor laptop, Actor old, Actor juliet) = await Assemble(play);
        (string? Type, string Inside)[] copied =
        [
            ("chat", "<body>x</body>"),
            ("chat", "<x xmlns='urn:example'/>"),
            ("chat", "<active xmlns='http://jabber.org/protocol/chatstates'/>"),
            (null, "<body>x</body>"),
            (null, "<composing xmlns='http://jabber.org/protocol/chatstates'/>"),
            (null, "<received xmlns='urn:xmpp:receipts' id='1'/>"),
            (null, "<displayed xmlns='urn:xmpp:chat-markers:0' id='1'/>"),
            (null, "<x xmlns='jabber:x:conference' jid='room@groups.kith.test'/>"),
            ("error", "<error type='cancel'/>"),
        ];
        foreach (var (type, inside) in copied)
        {
            string attribute = type is null ? "" : $"type='{type}'";
            await phone.Send($"<message to='{juliet.Jid}' {attribute} id='m1'>{inside}</message>");
            await juliet.Expect("<message id='m1'/>");
            await laptop.Expect("<message><sent xmlns='urn:xmpp:carbons:2'/></message>");
        }
        (string Type, string Inside)[] left =
        [
            ("normal", "<x xmlns='urn:example'/>"),
            ("headline", "<body>x</body>"),
            ("groupchat", "<body>x</body>"),
            ("chat", "<body>x</body><private xmlns='urn:xmpp:carbons:2'/><no-copy xmlns='urn:xmpp:hints'/>"),
            ("chat", "<body>x</body><private xmlns='urn:xmpp:carbons:2'/>"),
            ("chat", "<body>x</body><no-copy xmlns='urn:xmpp:hints'/>"),
        ];
        foreach (var (type, inside) in left)
        {
            await phone.Send($"<message to='{juliet.Jid}' type='{type}' id='m2'>{inside}</message>");
            await juliet.Expect("<message id='m2'/>");
        }
        await play.ExpectNothing(phone, laptop, old, juliet);
    }

    // §4, §5, §10.1.
    [Theory, Framings]
    public async Task Copies_are_switched_on_and_off_as_often_as_one_likes(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor laptop, _, Actor juliet) = await Assemble(play);
        string Set(string what) => $"<iq type='set'><{what} xmlns='urn:xmpp:carbons:2'/></iq>";
        await laptop.Ask(Set("enable"), "<iq type='result'/>");
        await laptop.Ask(Set("disable"), "<iq type='result'/>");
        await laptop.Ask(Set("disable"), "<iq type='result'/>");
        await phone.Send($"<message to='{juliet.Jid}' type='chat' id='m1'><body>x</body></message>");
        await juliet.Expect("<message id='m1'/>");
        await play.ExpectNothing(laptop);
        await laptop.Ask(Set("enable"), "<iq type='result'/>");
        await phone.Send($"<message to='{juliet.Jid}' type='chat' id='m2'><body>x</body></message>");
        await laptop.Expect(Copy("sent", laptop, phone, juliet.Jid, "m2"));
        await juliet.Ask(
            $"<iq type='set' to='{phone.Bare}'><enable xmlns='urn:xmpp:carbons:2'/></iq>",
            $"<iq type='error'><error><service-unavailable xmlns='{Ns.StanzaErrors}'/></error></iq>"
        );
    }

    // security.md, "Identity": a copy from somebody else can be told by its sender, which the server stamps.
    [Theory, Framings]
    public async Task A_forged_copy_comes_from_its_forger(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, _, _, _) = await Assemble(play);
        Actor tybalt = await play.Connect("tybalt", "street");
        await tybalt.Send($"<message to='{phone.Jid}' type='chat' id='m1'>{Forged}</message>");
        await phone.Expect($"<message from='{tybalt.Jid}' id='m1'/>");
    }

    // Laws, "One table decides": a message to a person who is away is copied to the sender's devices all the same.
    [Theory, Framings]
    public async Task What_is_sent_to_somebody_away_is_copied_too(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor laptop, Actor old, _) = await Assemble(play);
        await play.AddAccount("away");
        await phone.Send("<message to='away@kith.test' type='chat' id='m1'><body>x</body></message>");
        await laptop.Expect(Copy("sent", laptop, phone, "away@kith.test", "m1"));
        await play.ExpectNothing(phone, laptop, old);
    }
}
