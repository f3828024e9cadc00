using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Sasl;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Household;

/// <summary>XEP-0077, XEP-0445, XEP-0401 and XEP-0379 (README, "Who may reach whom", 8 and 9).</summary>
public sealed class RegistrationPlays
{
    private const string Bad =
        "<iq type='error'><error><{0} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";

    private static async Task<Actor> Stranger(Play play, string name = "ben")
    {
        Actor actor = play.Dial(name, "phone");
        await SignIn.OpenAsync(actor);
        return actor;
    }

    private static Task<XElement> Present(Actor actor, string token) =>
        actor.Ask($"<iq type='set' to='kith.test'><preauth xmlns='urn:xmpp:pars:0' token='{token}'/></iq>");

    private static Task<XElement> Register(Actor actor, string name, string password = SignIn.Password) =>
        actor.Ask(
            $"<iq type='set'><query xmlns='jabber:iq:register'><username>{name}</username><password>{password}</password></query></iq>"
        );

    private static void ShouldBe(XElement answer, string condition) =>
        answer.ShouldMatch(condition == "result" ? "<iq type='result'/>" : string.Format(Bad, condition));

    // Reach 8; XEP-0445 §3, §4.
    [Theory, Framings]
    public async Task An_invite_makes_an_account_that_signs_in_on_the_same_stream(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        InviteLink link = await play.Server.Home.Invites.CreateAsync(new NewInvite());
        Actor ben = await Stranger(play);
        foreach (string feature in new[] { "urn:xmpp:ibr-token:0", "urn:xmpp:invite" })
            ben.Features.Element(XName.Get("register", feature)).ShouldNotBeNull();
        ben.Features.Element(XName.Get("register", "http://jabber.org/features/iq-register")).ShouldNotBeNull();

        (await Present(ben, link.Token())).ShouldMatch("<iq type='result' from='kith.test'/>");
        await ben.Ask(
            "<iq type='get'><query xmlns='jabber:iq:register'/></iq>",
            "<iq type='result'><query xmlns='jabber:iq:register'><username/><password/></query></iq>"
        );
        ShouldBe(await Register(ben, "Ben"), "result");

        ClientMechanism plain = SignIn.Plain("ben");
        await ben.Send(
            $"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{Convert.ToBase64String(plain.Start())}</auth>"
        );
        await ben.Expect("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        await SignIn.OpenAsync(ben);
        await SignIn.BindAsync(ben);
        play.Server.Home.Invites.Find(link.Token())!.State.ShouldBe(InviteState.Used);
    }

    // Reach 8.
    [Theory, Framings]
    public async Task Nobody_registers_without_a_good_token(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Invites invites = play.Server.Home.Invites;
        await play.AddAccount("anna");
        InviteLink used = await invites.CreateAsync(new NewInvite());
        await invites.RegisterAsync(used.Token(), "eve", SignIn.Password);
        InviteLink over = await invites.CreateAsync(new NewInvite { Lifetime = TimeSpan.FromMinutes(1) });
        InviteLink contact = await invites.CreateAsync(new NewInvite { From = "anna", ContactOnly = true });
        await play.Advance(TimeSpan.FromMinutes(1));
        Actor ben = await Stranger(play);
        foreach (string token in new[] { "", "guess", used.Token(), over.Token(), contact.Token() })
            ShouldBe(await Present(ben, token), "item-not-found");
        ShouldBe(await Register(ben, "ben"), "not-allowed");
        play.Server.Accounts.Find("ben").ShouldBeNull();
    }

    [Theory, Framings]
    public async Task What_is_wrong_is_said_and_may_be_tried_again(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna");
        InviteLink link = await play.Server.Home.Invites.CreateAsync(new NewInvite { Uses = 2 });
        Actor ben = await Stranger(play);
        await Present(ben, link.Token());
        ShouldBe(await Register(ben, "anna"), "conflict");
        ShouldBe(await Register(ben, "a b"), "not-acceptable");
        ShouldBe(await Register(ben, ""), "not-acceptable");
        XElement tooShort = await Register(ben, "ben", "short");
        ShouldBe(tooShort, "not-acceptable");
        tooShort.Value.ShouldContain("Please use a longer password.");
        ShouldBe(await Register(ben, "ben"), "result");
        // One account for one stream (XEP-0077 §3.1.1).
        ShouldBe(await Register(ben, "eve"), "not-acceptable");
    }

    [Theory, Framings]
    public async Task A_stream_that_keeps_guessing_ends(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing, options => options with { SignInFailures = 0 });
        Actor ben = await Stranger(play);
        for (int i = 0; i < 20; i++)
            ShouldBe(await Present(ben, "guess" + i), "item-not-found");
        await ben.Send("<iq type='set' id='x'><preauth xmlns='urn:xmpp:pars:0' token='guess'/></iq>");
        await ben.ExpectEnd("policy-violation");
    }

    // XEP-0445 §4: the end of a token matters when it is presented.
    [Theory, Framings]
    public async Task A_token_that_ends_after_it_was_presented_still_counts(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        InviteLink link = await play.Server.Home.Invites.CreateAsync(
            new NewInvite { Lifetime = TimeSpan.FromSeconds(10) }
        );
        Actor ben = await Stranger(play);
        ShouldBe(await Present(ben, link.Token()), "result");
        await play.Advance(TimeSpan.FromSeconds(20));
        ShouldBe(await Register(ben, "ben"), "result");
    }

    [Theory, Framings]
    public async Task A_reset_link_opened_in_an_app_sets_the_password(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        InviteLink link = (await play.Server.Home.People.AddAsync(new NewPerson("ben"))).Link!;
        Actor ben = await Stranger(play);
        ShouldBe(await Present(ben, link.Token()), "result");
        await ben.Ask(
            "<iq type='get'><query xmlns='jabber:iq:register'/></iq>",
            "<iq type='result'><query xmlns='jabber:iq:register'><username>ben</username></query></iq>"
        );
        ShouldBe(await Register(ben, "eve"), "not-acceptable");
        ShouldBe(await Register(ben, "ben"), "result");
        await play.Connect("ben", "tablet");
    }

    // Reach 9; security.md, "Web": all sessions but the one that asked, which gets its answer.
    [Theory, Framings]
    public async Task A_changed_password_ends_all_sessions_but_the_one_that_asked(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor phone = await play.Connect("anna", "phone");
        Actor tablet = await play.Connect("anna", "tablet", managed: true);
        Actor laptop = await play.Connect("anna", "laptop", managed: true);
        await laptop.Cut();

        ShouldBe(await Register(phone, "anna", "a better secret"), "result");

        await tablet.ExpectEnd("not-authorized");
        tablet.IsBound = false;
        await phone.Ping();
        play.Account("anna").Sessions.ShouldHaveSingleItem().Jid.Resource.ShouldBe("phone");
        Actor late = play.Dial("anna", "late");
        await SignIn.AuthenticateAsync(late, new ScramClient(ScramHash.Sha256, "anna", "a better secret"));
    }

    [Theory, Framings]
    public async Task Everybody_changes_their_own_password_only_and_to_something(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("ben");
        Actor anna = await play.Connect("anna", "phone");
        ShouldBe(await Register(anna, "ben", "a better secret"), "not-allowed");
        ShouldBe(await Register(anna, "anna", ""), "bad-request");
        ShouldBe(await Register(anna, "anna", "short"), "not-acceptable");
        ShouldBe(
            await anna.Ask(
                "<iq type='set' to='ben@kith.test'><query xmlns='jabber:iq:register'><remove/></query></iq>"
            ),
            "service-unavailable"
        );
        await anna.Ask(
            "<iq type='get'><query xmlns='jabber:iq:register'/></iq>",
            "<iq type='result'><query xmlns='jabber:iq:register'><registered/><username>anna</username></query></iq>"
        );
        await play.Connect("ben", "phone");
    }

    // XEP-0077 §3.2: the answer comes before the end.
    [Theory, Framings]
    public async Task Who_removes_the_account_hears_that_it_is_done_and_is_out(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor phone = await play.Connect("anna", "phone", managed: true);
        Actor tablet = await play.Connect("anna", "tablet");
        ShouldBe(
            await phone.Ask("<iq type='set'><query xmlns='jabber:iq:register'><remove/><username/></query></iq>"),
            "bad-request"
        );

        ShouldBe(await phone.Ask("<iq type='set'><query xmlns='jabber:iq:register'><remove/></query></iq>"), "result");

        await phone.ExpectEnd("not-authorized");
        await tablet.ExpectEnd("not-authorized");
        play.Server.Home.People.List().ShouldBeEmpty();
    }

    [Theory, Framings]
    public async Task A_child_does_not_remove_its_account(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("mia", Role.Limited);
        Actor mia = await play.Connect("mia", "phone");
        ShouldBe(await mia.Ask("<iq type='set'><query xmlns='jabber:iq:register'><remove/></query></iq>"), "forbidden");
    }

    // ---- XEP-0401 ----

    private static Task<XElement> Command(Actor actor, string node, string form = "", string attributes = "") =>
        actor.Ask(
            $"<iq type='set' to='kith.test'><command xmlns='http://jabber.org/protocol/commands' node='urn:xmpp:invite#{node}' {attributes}>{form}</command></iq>"
        );

    private static string Field(XElement answer, string name) =>
        answer.Descendants().Single(field => field.Attribute("var")?.Value == name).Value;

    [Theory, Framings]
    public async Task An_admin_invites_from_the_app_and_a_member_makes_contacts_only(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna", Role.Admin);
        await play.AddAccount("mia", Role.Limited);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        Actor mia = await play.Connect("mia", "phone");

        XElement answer = await Command(anna, "invite");
        answer.Elements().Single().Attribute("status")!.Value.ShouldBe("completed");
        Field(answer, "uri").ShouldEndWith(";ibr=y");
        Field(answer, "landing-url").ShouldStartWith("https://kith.test/invite/");
        Field(answer, "expire").ShouldBe(XmlText.Stamp(play.Clock.GetUtcNow().AddDays(7)));
        Field(await Command(ben, "invite"), "uri").ShouldNotContain("ibr");
        ShouldBe(await Command(mia, "invite"), "forbidden");
        ShouldBe(await Command(ben, "create-account"), "forbidden");
        ShouldBe(await Command(anna, "nothing"), "item-not-found");
        ShouldBe(await Command(anna, "invite", attributes: "action='destroy'"), "bad-request");
    }

    [Theory, Framings]
    public async Task An_admin_gives_a_name_to_who_is_invited(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna", Role.Admin);
        Actor anna = await play.Connect("anna", "phone");
        XElement form = await Command(anna, "create-account");
        form.Elements().Single().Attribute("status")!.Value.ShouldBe("executing");
        string session = form.Elements().Single().Attribute("sessionid")!.Value;

        XElement answer = await Command(
            anna,
            "create-account",
            "<x xmlns='jabber:x:data' type='submit'><field var='username'><value>Juliet</value></field></x>",
            $"sessionid='{session}'"
        );

        Field(answer, "uri").ShouldStartWith("xmpp:juliet@kith.test?register;preauth=");
        ShouldBe(
            await Command(
                anna,
                "create-account",
                "<x xmlns='jabber:x:data' type='submit'><field var='username'><value>anna</value></field></x>"
            ),
            "conflict"
        );
    }

    // ---- XEP-0379 ----

    [Theory, Framings]
    public async Task Who_asks_with_a_token_is_a_contact_at_once_and_only_once(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna");
        InviteLink link = await play.Server.Home.Invites.CreateAsync(
            new NewInvite { From = "anna", ContactOnly = true }
        );
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        Actor eve = await play.Connect("eve", "phone");
        foreach (Actor actor in new[] { anna, ben, eve })
        {
            await actor.Ask("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
            actor.SeesPresence = true;
            actor.Forget();
        }
        string request =
            $"<presence type='subscribe' to='anna@kith.test'><preauth xmlns='urn:xmpp:pars:0' token='{link.Token()}'/></presence>";

        await ben.Send(request);

        await ben.Expect(
            "<iq type='set'><query xmlns='jabber:iq:roster'><item jid='anna@kith.test' subscription='both' ask='{none}'/></query></iq>"
        );
        await ben.Expect("<presence type='subscribed' from='anna@kith.test'/>");
        await ben.Expect("<presence from='anna@kith.test/phone'/>");
        await anna.Expect(
            "<iq type='set'><query xmlns='jabber:iq:roster'><item jid='ben@kith.test' subscription='both'/></query></iq>"
        );
        await anna.Expect("<presence from='ben@kith.test/phone'/>");

        await eve.Send(request);
        await eve.Expect(
            "<iq type='set'><query xmlns='jabber:iq:roster'><item jid='anna@kith.test' subscription='none' ask='subscribe'/></query></iq>"
        );
        await anna.Expect("<presence type='subscribe' from='eve@kith.test'/>");
    }

    [Theory, Framings]
    public async Task A_token_of_somebody_else_is_no_introduction(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna");
        InviteLink link = await play.Server.Home.Invites.CreateAsync(new NewInvite { From = "anna" });
        Actor ben = await play.Connect("ben", "phone");
        Actor eve = await play.Connect("eve", "phone");
        await play.Settle();
        ben.Forget();
        await eve.Send(
            $"<presence type='subscribe' to='ben@kith.test'><preauth xmlns='urn:xmpp:pars:0' token='{link.Token()}'/></presence>"
        );
        ben.SeesPresence = true;
        await ben.Expect("<presence type='subscribe' from='eve@kith.test'/>");
        play.Server.Home.Invites.Find(link.Token())!.State.ShouldBe(InviteState.Good);
    }
}
