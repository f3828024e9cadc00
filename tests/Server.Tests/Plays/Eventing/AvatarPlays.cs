using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xunit;
using static Server.Tests.Plays.Eventing.Lines;

namespace Server.Tests.Plays.Eventing;

/// <summary>XEP-0084, XEP-0153 and XEP-0398: one picture, whichever way it is set and looked at.</summary>
public sealed class AvatarPlays
{
    private const string Metadata = "urn:xmpp:avatar:metadata";
    private const string Data = "urn:xmpp:avatar:data";
    private const string Update = "vcard-temp:x:update";

    private static string Base64(string picture) => Convert.ToBase64String(Encoding.UTF8.GetBytes(picture));

    private static string Hash(string picture) =>
        Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(picture)));

    private static string Info(string picture, string? url = null) =>
        $"<info xmlns='{Metadata}' bytes='{picture.Length}' id='{Hash(picture)}' type='image/png'{(url is null ? "" : $" url='{url}'")}/>";

    private static string Meta(params string[] infos) =>
        $"<metadata xmlns='{Metadata}'>{string.Concat(infos)}</metadata>";

    private static async Task Show(Actor actor, string picture, params string[] options)
    {
        await actor.Ask(
            Publish(Data, Hash(picture), $"<data xmlns='{Data}'>{Base64(picture)}</data>", null, options),
            Result
        );
        string meta = Meta(Info("elsewhere", "https://x.example/a.png"), Info(picture));
        await actor.Ask(Publish(Metadata, Hash(picture), meta, null, options), Result);
    }

    private static string Card(string inside, string? to = null, string type = "get") =>
        $"<iq type='{type}'{(to is null ? "" : $" to='{to}'")}><vCard xmlns='vcard-temp'>{inside}</vCard></iq>";

    private static string Photo(string picture) =>
        $"<PHOTO><TYPE>image/png</TYPE><BINVAL>{Base64(picture)}</BINVAL></PHOTO>";

    private static string Here(Actor actor, string? hash) =>
        $"<presence from='{actor.Jid}'><x xmlns='{Update}'><photo>{hash}</photo></x></presence>";

    // XEP-0398 §4.1, §5.
    [Theory, Framings]
    public async Task A_published_picture_is_in_the_card_and_on_presence(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        await juliet.Ask(Card("<FN>Juliet</FN>", null, "set"), Result);
        await play.Watch(romeo);
        await Show(juliet, "one");

        await romeo.Expect(Here(juliet, Hash("one")));
        await romeo.Ask(
            Card("", juliet.Bare),
            $"<iq type='result'><vCard xmlns='vcard-temp'><FN>Juliet</FN>{Photo("one")}</vCard></iq>"
        );
        await juliet.Send("<presence><show>away</show></presence>");
        (await romeo.Expect(Here(juliet, Hash("one")))).ShouldMatch("<presence><show>away</show></presence>");
        await Show(juliet, "two");
        (await romeo.Expect(Here(juliet, Hash("two")))).ShouldMatch("<presence><show>away</show></presence>");

        // Taken off again (XEP-0084 §4.2.2).
        await juliet.Ask(Publish(Metadata, "x", Meta()), Result);
        (await romeo.Expect(Here(juliet, null))).Find("photo").Value.ShouldBe("");
        (await romeo.Ask(Card("", juliet.Bare))).Without("PHOTO", "vcard-temp").Find("FN").Value.ShouldBe("Juliet");
        await play.ExpectNothing(romeo);
    }

    // XEP-0398 §4.2.
    [Theory, Framings]
    public async Task A_picture_in_a_card_is_published(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        await play.Interest(romeo, Metadata);
        await juliet.Ask(Card("<FN>Juliet</FN>" + Photo("one"), null, "set"), Result);

        await romeo.Expect(
            Event(
                juliet.Bare,
                Metadata,
                $"<item id='{Hash("one")}'><metadata xmlns='{Metadata}'><info id='{Hash("one")}' bytes='3' type='image/png'/></metadata></item>"
            )
        );
        (await romeo.Ask(Items(Data, $"<item id='{Hash("one")}'/>", juliet.Bare)))
            .Find("data")
            .Value.ShouldBe(Base64("one"));
        await juliet.Ask(Card(""), $"<iq><vCard xmlns='vcard-temp'><FN>Juliet</FN>{Photo("one")}</vCard></iq>");

        // The same picture again is no news; a card without one takes it off.
        await juliet.Ask(Card("<FN>Jule</FN>" + Photo("one"), null, "set"), Result);
        await play.ExpectNothing(romeo);
        await juliet.Ask(Card("<FN>Jule</FN>", null, "set"), Result);
        (await romeo.Expect(Event(juliet.Bare, Metadata, $"<item><metadata xmlns='{Metadata}'/></item>"))).Without(
            "info",
            Metadata
        );
        (await romeo.Ask(Card("", juliet.Bare))).Without("PHOTO", "vcard-temp").Find("FN").Value.ShouldBe("Jule");
    }

    // XEP-0398 §4.3, §8: who may not read the nodes does not see it in the card either.
    [Theory, Framings]
    public async Task A_card_shows_a_picture_to_those_who_may_see_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        Actor stranger = await play.Connect("stranger", "street");
        await Show(juliet, "one");
        (await romeo.Ask(Card("", juliet.Bare))).Find("PHOTO");
        (await stranger.Ask(Card("", juliet.Bare))).ShouldMatch("<iq type='result'/>").Without("PHOTO", "vcard-temp");
        await Show(romeo, "two", "access_model=open");
        (await stranger.Ask(Card("", romeo.Bare))).Find("PHOTO");
    }

    // XEP-0398 §4.1: SHOULD verify that the hash matches the id.
    [Theory, Framings]
    public async Task A_picture_that_is_not_what_it_says_is_shown_nowhere(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        await play.Watch(romeo);
        await juliet.Ask(Publish(Data, Hash("one"), $"<data xmlns='{Data}'>{Base64("other")}</data>"), Result);
        await juliet.Ask(Publish(Metadata, Hash("one"), Meta(Info("one"))), Result);
        await juliet.Ask(Publish(Data, Hash("two"), $"<data xmlns='{Data}'>no base64!</data>"), Result);
        await juliet.Ask(Publish(Metadata, Hash("two"), Meta(Info("two"))), Result);
        (await romeo.Ask(Card("", juliet.Bare))).Without("PHOTO", "vcard-temp");
        await play.ExpectNothing(romeo);
    }

    // XEP-0398 §5: which presences are stamped, and with what.
    [Theory, Framings]
    public async Task Presence_is_stamped_unless_it_says_that_there_is_no_picture(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        Actor stranger = await play.Connect("stranger", "street");
        await play.Watch(romeo, stranger);

        // Nothing is known: an empty element is filled, all else is as it was said.
        await juliet.Send("<presence/>");
        (await romeo.Next()).Without("x", Update);
        await juliet.Send($"<presence><x xmlns='{Update}'/></presence>");
        (await romeo.Next()).Find("photo").Value.ShouldBe("");

        await Show(juliet, "one");
        await romeo.Expect(Here(juliet, Hash("one")));
        foreach (
            string said in (string[])["", $"<x xmlns='{Update}'/>", $"<x xmlns='{Update}'><photo>stale</photo></x>"]
        )
        {
            await juliet.Send($"<presence>{said}<status>s</status></presence>");
            XElement came = await romeo.Expect(Here(juliet, Hash("one")));
            came.Elements(XName.Get("x", Update)).Count().ShouldBe(1);
            came.Find("status").Value.ShouldBe("s");
        }
        await juliet.Send($"<presence><x xmlns='{Update}'><photo/></x></presence>");
        (await romeo.Next()).Find("photo").Value.ShouldBe("");
        await juliet.Send($"<presence to='{stranger.Jid}'/>");
        await stranger.Expect(Here(juliet, Hash("one")));
        await play.ExpectNothing(romeo, stranger);
    }

    [Theory, Framings]
    public async Task A_restart_forgets_no_picture_not_even_one_in_an_old_card(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        await Show(juliet, "one");
        byte[] old = Encoding.UTF8.GetBytes($"<vCard xmlns='vcard-temp'>{Photo("old")}</vCard>");
        await play.Stores.Database.WriteAsync(transaction =>
            play.Stores.Accounts.SetDocument(transaction, play.Account("romeo").Id, "vcard", old)
        );
        await play.Restart();
        juliet = await play.Connect("juliet", "balcony");
        await play.Watch(juliet);
        romeo = await play.Connect("romeo", "orchard");
        await juliet.Expect(Here(romeo, Hash("old")));
        (await juliet.Ask(Card("", romeo.Bare))).Find("BINVAL").Value.ShouldBe(Base64("old"));
        await play.Watch(romeo);
        await juliet.Send("<presence/>");
        await romeo.Expect(Here(juliet, Hash("one")));
    }

    // XEP-0172 §4.3 and XEP-0292 §3.
    [Theory, Framings]
    public async Task Nicknames_and_cards_of_vCard4_are_heard_of(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        const string Nick = "http://jabber.org/protocol/nick";
        const string VCard = "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'><fn><text>Juliet</text></fn></vcard>";
        await play.Interest(romeo, Nick, "urn:xmpp:vcard4");
        await juliet.Ask(Publish(Nick, "current", $"<nick xmlns='{Nick}'>Jule</nick>"), Result);
        await romeo.Expect(Event(juliet.Bare, Nick, $"<item><nick xmlns='{Nick}'>Jule</nick></item>"));
        await juliet.Ask(Publish("urn:xmpp:vcard4", "current", VCard), Result);
        await romeo.Expect(Event(juliet.Bare, "urn:xmpp:vcard4", $"<item>{VCard}</item>"));
        await juliet.Ask(Publish("urn:xmpp:contacts", "romeo@kith.test", VCard), Result);
        await romeo.Ask(Items("urn:xmpp:contacts", "", juliet.Bare), Error("not-allowed", "closed-node"));
    }
}
