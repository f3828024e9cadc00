using System.Globalization;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xunit;
using static Server.Tests.Plays.Waking.Sleeping;

namespace Server.Tests.Plays.Waking;

/// <summary>XEP-0357 §5, §6, §7.1: when a registration begins and ends.</summary>
public sealed class RegistrationPlays
{
    // §6.
    [Theory, Framings]
    public async Task Disabled_is_disabled_for_one_node_or_all(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await phone.Ask(Enable("n2"), "<iq type='result'/>");
        await phone.Ask(Enable("n3"), "<iq type='result'/>");
        await phone.Ask(Disable("n1"), "<iq type='result'/>");
        await phone.Ask(Disable("n2"), "<iq type='result'/>");
        await State(phone, "inactive");
        await phone.Ping();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush(node: "n3");
        await State(phone, "active");
        await phone.Ask(Disable(), "<iq type='result'/>");
        await State(phone, "inactive");
        await phone.Ping();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();
        await phone.Ask(Disable(), "<iq type='result'/>");
    }

    // Life 1: what was asked in one go happens in its order.
    [Theory, Framings]
    public async Task Enabling_after_disabling_enables(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await phone.Send(Disable().Insert("<iq".Length, " id='d'"));
        await phone.Ask(Enable(), "<iq type='result'/>");
        await phone.Leave();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush();
    }

    // Apps enable anew with each sign-in.
    [Theory, Framings]
    public async Task Enabling_what_is_enabled_writes_nothing(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, _, _) = await Assemble(play);
        await play.Settle();
        play.Disk.Hold();
        await phone.Ask(Enable(), "<iq type='result'/>");
        play.Disk.Continue();
    }

    // §7.1: refused is disabled.
    [Theory, Framings]
    public async Task Whom_the_app_server_refuses_is_not_told_again(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        server.Refusal = StanzaError.ItemNotFound();
        await phone.Leave();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();
        await play.Restart();
        server = new AppServer(play);
        romeo = await play.Connect("romeo", "garden");
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();
    }

    // §7.1: what may pass is tried again, but not for ever.
    [Theory, Framings]
    public async Task An_app_server_that_has_no_time_is_tried_again(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        server.Refusal = StanzaError.ResourceConstraint();
        await phone.Leave();
        for (int i = 1; i <= 9; i++)
        {
            await romeo.Send(Chat(phone.Bare));
            await server.ExpectPush(i);
        }
        server.Refusal = null;
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush(10);
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();

        await LookIn(phone);
        server.Refusal = StanzaError.ResourceConstraint();
        for (int i = 1; i <= 10; i++)
        {
            await romeo.Send(Chat(phone.Bare));
            await server.ExpectPush(i);
        }
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();
    }

    // A server that cannot be reached says nothing of what is registered there.
    [Theory, Framings]
    public async Task A_domain_out_of_reach_ends_nothing(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        server.Refusal = StanzaError.RemoteServerNotFound();
        await phone.Leave();
        for (int i = 1; i <= 12; i++)
        {
            await romeo.Send(Chat(phone.Bare));
            await server.ExpectPush(i);
        }
        // Nor one that is not there at all.
        play.Server.Dispatcher.Services.Remove(server.Neighbour);
        await romeo.Send(Chat(phone.Bare));
        await play.Settle();
        await LookIn(phone);
        play.Server.Dispatcher.Services.Add(server.Neighbour);
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush();
    }

    // security.md, "Identity": an answer counts from whom it was asked of.
    [Theory, Framings]
    public async Task Nobody_else_answers_for_the_app_server(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        var stranger = new Neighbour(play, "stranger.test");
        play.Server.Dispatcher.Services.Add(stranger).ShouldBeTrue();
        await phone.Leave();
        play.Server.Dispatcher.Services.Remove(server.Neighbour);
        string? id = null;
        var quiet = new Neighbour(play, Domain) { Answer = iq => Note(iq.Id!) };
        play.Server.Dispatcher.Services.Add(quiet);
        await romeo.Send(Chat(phone.Bare));
        await play.Settle();
        const string Refused =
            "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
        await stranger.Send($"<iq type='error' from='stranger.test' to='kith.test' id='{id}'>{Refused}</iq>");
        await romeo.Send($"<iq type='error' to='kith.test' id='{id}'>{Refused}</iq>");
        await stranger.Send($"<iq type='error' from='{Domain}' to='kith.test' id='other'>{Refused}</iq>");
        await play.Settle();
        play.Account("juliet").PushTargets.ShouldHaveSingleItem();
        await quiet.Send($"<iq type='error' from='{Domain}' to='kith.test' id='{id}'>{Refused}</iq>");
        await play.Settle();
        await play.Settle();
        play.Account("juliet").PushTargets.ShouldBeEmpty();

        Xmpp.Server.Extensions.Reply Note(string asked)
        {
            id = asked;
            return new Xmpp.Server.Extensions.Reply.Sent();
        }
    }

    // Laws, "A device" and "Tokens"; security.md, "Web".
    [Theory, Framings]
    public async Task It_ends_with_its_device(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (_, Actor romeo, AppServer server) = await Assemble(play);
        Actor laptop = await play.Connect("juliet", "laptop");
        // One that never typed the password, and so can be ended without a new one.
        var agent = new UserAgent(SignIn2.Laptop, "Quarto", "Tablet");
        IssuedToken token = (
            await play.Server.FastTokens.IssueAsync(
                play.Account("juliet"),
                agent,
                "HT-SHA-256-NONE",
                usedPassword: false
            )
        )!;
        const string Enter = SignIn2.Fast + SignIn2.ManagedBind;
        (Actor tablet, _) = await SignIn2.TryTokenAsync(play, "juliet", token.Token, Enter, SignIn2.Laptop);
        await tablet.Ask(Enable("n2"), "<iq type='result'/>");
        string id = play.Account("juliet").Sessions[^1].Device.ToString(CultureInfo.InvariantCulture);
        tablet.IsBound = false;
        await laptop.Ask($"<iq type='set'><revoke xmlns='urn:xmpp:cam:0' id='{id}'/></iq>", "<iq type='result'/>");
        await tablet.Connection.Served.WaitAsync(Actor.Patience);
        await romeo.Send(Chat(laptop.Bare));
        await server.ExpectNothing();
        play.Account("juliet").PushTargets.ShouldHaveSingleItem().Registration.Node.ShouldBe("n1");
    }

    // The device that chose the password goes on; all others must sign in again first.
    [Theory, Framings]
    public async Task A_new_password_ends_those_of_all_other_devices(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        Actor laptop = await play.Connect("juliet", "laptop");
        await laptop.Ask(Enable("n2"), "<iq type='result'/>");
        phone.IsBound = false;
        await laptop.Ask(
            "<iq type='set' to='kith.test'><query xmlns='jabber:iq:register'><username>juliet</username><password>a better one</password></query></iq>",
            "<iq type='result'/>"
        );
        await laptop.Leave();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush(node: "n2");
    }

    [Theory, Framings]
    public async Task A_reset_a_lock_and_a_removal_end_all(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        foreach (string name in (string[])["mercutio", "tybalt"])
        {
            Actor other = await play.Connect(name, "phone");
            await other.Ask(Enable(name), "<iq type='result'/>");
            await other.Leave();
        }
        await phone.Leave();
        await play.Server.Home.People.ResetAsync("juliet");
        await play.Server.Home.People.LockAsync("mercutio");
        await play.Server.Home.People.RemoveAsync("tybalt");
        await romeo.Send(Chat(phone.Bare));
        await romeo.Send(Chat("mercutio@kith.test"));
        await server.ExpectNothing();
        await play.Restart();
        server = new AppServer(play);
        romeo = await play.Connect("romeo", "garden");
        await romeo.Send(Chat(phone.Bare));
        await romeo.Send(Chat("mercutio@kith.test"));
        await server.ExpectNothing();
    }

    // security.md: absent and absurd attributes.
    [Theory, Framings]
    public async Task Bad_requests_are_told_what_is_wrong(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor phone = await play.Connect("juliet", "phone");
        const string Ns = "xmlns='urn:xmpp:push:0'";
        await phone.Ask($"<iq type='set'><enable {Ns}/></iq>", Error("jid-malformed", "modify"));
        await phone.Ask($"<iq type='set'><enable {Ns} jid='@' node='n'/></iq>", Error("jid-malformed", "modify"));
        await phone.Ask($"<iq type='set'><disable {Ns}/></iq>", Error("jid-malformed", "modify"));
        await phone.Ask(Enable(new string('n', 1024)), Error("policy-violation", "modify"));
        await phone.Ask(Enable(inside: "<x xmlns='jabber:x:data' type='submit'/>"), Error("bad-request", "modify"));
        string large = new('s', 5000);
        await phone.Ask(
            Enable(
                inside: $"<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var='s'><value>{large}</value></field></x>"
            ),
            Error("policy-violation", "modify")
        );
        // Nobody is made an app server against their will.
        foreach (string here in (string[])["kith.test", "romeo@kith.test", "kith.test/x"])
            await phone.Ask(Enable(jid: here), Error("item-not-found"));
        // Another's account is not theirs to enable.
        await phone.Ask(
            $"<iq type='set' to='romeo@kith.test'><enable {Ns} jid='{Domain}' node='n'/></iq>",
            Error("service-unavailable")
        );
        play.Account("juliet").PushTargets.ShouldBeEmpty();
    }

    [Theory, Framings]
    public async Task There_is_an_end_to_how_many(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor phone = await play.Connect("juliet", "phone");
        for (int i = 0; i < 30; i++)
            await phone.Ask(Enable($"n{i}"), "<iq type='result'/>");
        await phone.Ask(Enable("n30"), Error("resource-constraint", "wait"));
        await phone.Ask(Enable("n29", "<x xmlns='urn:other'/>"), "<iq type='result'/>");
        await phone.Ask(Disable("n7"), "<iq type='result'/>");
        await phone.Ask(Enable("n30"), "<iq type='result'/>");
    }

    // XEP-0484 §3.6: who signs out of a device is not to be told on it any more.
    [Theory, Framings]
    public async Task Signing_out_disables(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var server = new AppServer(play);
        await play.AddAccount("juliet", Role.Member, "Verona");
        await play.AddAccount("romeo", Role.Member, "Verona");
        string token = await SignIn2.FirstTokenAsync(play, "juliet");
        (Actor phone, _) = await SignIn2.TryTokenAsync(play, "juliet", token, SignIn2.Fast + SignIn2.Bind);
        await phone.Ask(Enable(), "<iq type='result'/>");
        await phone.Leave();
        Actor romeo = await play.Connect("romeo", "orchard");
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush();

        const string Last = "<fast xmlns='urn:xmpp:fast:0' invalidate='true'/>";
        (Actor again, _) = await SignIn2.TryTokenAsync(play, "juliet", token, Last);
        await again.Leave();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();
        await play.Restart();
        server = new AppServer(play);
        await romeo.Return();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();
    }
}
