using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>RFC 6121 §5 and the rows of §8.5.1 to §8.5.4 for messages.</summary>
public sealed class MessagePlays
{
    private const string Bounce = $"<error type='cancel'><service-unavailable xmlns='{Ns.StanzaErrors}'/></error>";

    private static string Message(string to, string? type, string id, string inside = "<body>x</body>") =>
        $"<message to='{to}' id='{id}'{(type is null ? "" : $" type='{type}'")}>{inside}</message>";

    private static Task ExpectBounce(Actor sender, string to, string id) =>
        sender.Expect($"<message type='error' from='{to}' id='{id}'>{Bounce}</message>");

    // What a device that comes later is given.
    private static async Task<IEnumerable<string>> Later(Play play, string name)
    {
        Actor later = await play.Connect(name, "later");
        await play.Settle();
        return later.TakeAll("delay", Ns.Delay).Select(message => message.Attribute("id")!.Value);
    }

    // §8.5.1.
    [Theory, Framings]
    public async Task An_account_that_does_not_exist_is_unavailable(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        foreach (string to in (string[])["nobody@kith.test", "nobody@kith.test/x"])
        foreach (string? type in (string?[])[null, "normal", "chat", "groupchat", "headline"])
        {
            await romeo.Send(Message(to, type, "m1"));
            await ExpectBounce(romeo, to, "m1");
        }
        await romeo.Send(Message("nobody@kith.test", "error", "m2"));
        await play.ExpectNothing(romeo);
    }

    // §8.5.2.1: to the bare address of somebody who is not there; a session without presence, or with a negative
    // priority, is not there.
    [Theory, Framings]
    public async Task To_a_bare_address_with_nobody_available(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        await play.AddAccount("away");
        Actor bound = await play.Bind("bound", "quiet");
        Actor negative = await play.Connect("negative", "bot", priority: -1);
        foreach (string name in (string[])["away", "bound", "negative"])
        {
            string to = $"{name}@kith.test";
            await romeo.Send(Message(to, null, "none"));
            await romeo.Send(Message(to, "normal", "normal"));
            await romeo.Send(Message(to, "chat", "chat"));
            await romeo.Send(Message(to, "unheard-of", "odd"));
            await romeo.Send(Message(to, "headline", "headline"));
            await romeo.Send(Message(to, "error", "error"));
            await play.ExpectNothing(romeo);
            await romeo.Send(Message(to, "groupchat", "groupchat"));
            await ExpectBounce(romeo, to, "groupchat");
            (await Later(play, name)).ShouldBe(["none", "normal", "chat", "odd"]);
        }
        await play.ExpectNothing(romeo, bound, negative);
    }

    // §8.5.2.1.1: every resource that is there with a priority of 0 or more.
    [Theory, Framings]
    public async Task To_a_bare_address_with_several_devices(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor high = await play.Connect("juliet", "high", priority: 10);
        Actor low = await play.Connect("juliet", "low", priority: 0);
        Actor negative = await play.Connect("juliet", "bot", priority: -1);
        Actor bound = await play.Bind("juliet", "quiet");
        string to = high.Bare;
        foreach (string? type in (string?[])[null, "chat", "headline"])
        {
            await romeo.Send(Message(to, type, "m1"));
            foreach (Actor device in (Actor[])[high, low])
                await device.Expect($"<message from='{romeo.Jid}' to='{to}' id='m1' type='{type ?? "{none}"}'/>");
        }
        await romeo.Send(Message(to, "error", "m2"));
        await romeo.Send(Message(to, "groupchat", "m3"));
        await ExpectBounce(romeo, to, "m3");
        await play.ExpectNothing(romeo, high, low, negative, bound);
    }

    // §8.5.3.1: to a full address that is there, whatever its presence says.
    [Theory, Framings]
    public async Task To_a_device_that_is_connected(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor high = await play.Connect("juliet", "high", priority: 10);
        Actor negative = await play.Connect("juliet", "bot", priority: -1);
        Actor bound = await play.Bind("juliet", "quiet");
        foreach (Actor device in (Actor[])[negative, bound])
        foreach (string? type in (string?[])[null, "chat", "headline", "groupchat", "error"])
        {
            await romeo.Send(Message(device.Jid, type, "m1"));
            await device.Expect($"<message from='{romeo.Jid}' to='{device.Jid}' id='m1' type='{type ?? "{none}"}'/>");
        }
        await play.ExpectNothing(romeo, high, negative, bound);
    }

    // §8.5.3.2: to a full address that is not there. A chat goes to those who are.
    [Theory, Framings]
    public async Task To_a_device_that_is_not_connected(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor there = await play.Connect("juliet", "there");
        string gone = $"{there.Bare}/gone";
        await romeo.Send(Message(gone, "chat", "chat"));
        await there.Expect("<message id='chat'/>");
        foreach (string? type in (string?[])[null, "normal", "groupchat"])
        {
            await romeo.Send(Message(gone, type, "m1"));
            await ExpectBounce(romeo, gone, "m1");
        }
        await romeo.Send(Message(gone, "headline", "m2"));
        await romeo.Send(Message(gone, "error", "m3"));
        await play.ExpectNothing(romeo, there);

        await play.AddAccount("away");
        await romeo.Send(Message("away@kith.test/gone", "chat", "chat"));
        (await Later(play, "away")).ShouldBe(["chat"]);
    }

    // §5.2.1: without an address it is for oneself, all devices included.
    [Theory, Framings]
    public async Task A_message_without_an_address_is_a_note_to_oneself(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor phone = await play.Connect("romeo", "phone");
        Actor laptop = await play.Connect("romeo", "laptop");
        await phone.Send("<message type='chat' id='m1'><body>buy poison</body></message>");
        foreach (Actor device in (Actor[])[phone, laptop])
            await device.Expect($"<message from='{phone.Jid}' to='{phone.Bare}' id='m1'/>");
        await play.ExpectNothing(phone, laptop);
    }

    // RFC 6120 §8.1.1 to §8.1.5.
    [Theory, Framings]
    public async Task The_server_says_who_speaks_and_in_which_language(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        string[] sayings = ["", $"from='{romeo.Jid}'", $"from='{romeo.Bare}'", $"from='{romeo.Bare}/elsewhere'"];
        foreach (string from in sayings)
        {
            await romeo.Send($"<message {from} to='{juliet.Bare}' id='m1' xml:lang='it'><body>ciao</body></message>");
            await juliet.Expect($"<message from='{romeo.Jid}' id='m1' xml:lang='it'/>");
        }
        await romeo.Send($"<message to='a@@b' id='m2'><body>x</body></message>");
        await romeo.Expect(
            $"<message type='error' id='m2'><error type='modify'><jid-malformed xmlns='{Ns.StanzaErrors}'/></error></message>"
        );
        await romeo.Send(
            $"<message from='{juliet.Bare}' to='{juliet.Bare}' id='m3'><body>I am Juliet</body></message>"
        );
        await romeo.ExpectEnd("invalid-from");
        await play.ExpectNothing(juliet);
    }

    [Theory, Framings]
    public async Task Another_domain_is_not_found_and_the_server_itself_does_not_chat(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        await romeo.Send(Message("friend@away.example", "chat", "m1"));
        await romeo.Expect(
            $"<message type='error' from='friend@away.example' id='m1'><error type='cancel'><remote-server-not-found xmlns='{Ns.StanzaErrors}'/></error></message>"
        );
        await romeo.Send(Message(Play.Domain, "chat", "m2"));
        await ExpectBounce(romeo, Play.Domain, "m2");
    }

    // Reach 1 and 2, both ways.
    [Theory, Framings]
    public async Task A_limited_account_talks_within_its_circle_only(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("child", Role.Limited, "Capulet");
        await play.AddAccount("nurse", Role.Member, "Capulet");
        Actor child = await play.Connect("child", "tablet");
        Actor nurse = await play.Connect("nurse", "street");
        Actor romeo = await play.Connect("romeo", "phone");

        await romeo.Send(Message(child.Bare, "chat", "m1"));
        await ExpectBounce(romeo, child.Bare, "m1");
        await romeo.Send(Message(child.Jid, "chat", "m2"));
        await ExpectBounce(romeo, child.Jid, "m2");
        await child.Send(Message(romeo.Bare, "chat", "m3"));
        await ExpectBounce(child, romeo.Bare, "m3");
        await child.Send(Message(nurse.Bare, "chat", "m4"));
        await nurse.Expect("<message id='m4'/>");
        await nurse.Send(Message(child.Bare, "chat", "m5"));
        await child.Expect("<message id='m5'/>");
        await play.ExpectNothing(romeo, child, nurse);
    }

    // Life 2: nobody sees an uncommitted message.
    [Theory, Framings]
    public async Task Nobody_sees_a_message_before_it_is_on_disk(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone", managed: true);
        Actor laptop = await play.Connect("romeo", "laptop", carbons: true);
        Actor juliet = await play.Connect("juliet", "balcony");
        play.Disk.Hold();
        await romeo.Send(Message(juliet.Bare, "chat", "m1"));
        await romeo.Send($"<r xmlns='{Ns.StreamManagement}'/>");
        await play.Disk.Holds(1);
        await juliet.Ping();
        await laptop.Ping();
        juliet.Unexpected().ShouldBeEmpty();
        laptop.Unexpected().ShouldBeEmpty();

        play.Disk.Continue();

        await juliet.Expect("<message id='m1'/>");
        await laptop.Expect("<message><sent xmlns='urn:xmpp:carbons:2'/></message>");
        // Presence, and this.
        await romeo.Expect($"<a xmlns='{Ns.StreamManagement}' h='3'/>");
    }

    // Life 1: a stanza that writes nothing does not overtake one that does.
    [Theory, Framings]
    public async Task Nothing_overtakes(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo", circle: "Lovers");
        await play.AddAccount("juliet", circle: "Lovers");
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        play.Disk.Hold();
        await romeo.Send(Message(juliet.Bare, "chat", "m1"));
        await romeo.Send(
            Message(juliet.Bare, "chat", "m2", "<composing xmlns='http://jabber.org/protocol/chatstates'/>")
        );
        await romeo.Send($"<iq type='get' id='i1' to='{juliet.Jid}'><query xmlns='urn:example'/></iq>");
        await romeo.Send($"<iq type='get' id='i2'><ping xmlns='urn:xmpp:ping'/></iq>");
        await play.Disk.Holds(4);
        play.Disk.Continue();
        await juliet.Expect("<message id='m1'/>");
        await juliet.Expect("<message id='m2'/>");
        await juliet.Expect("<iq id='i1'/>");
        await romeo.Expect("<iq id='i2' type='result'/>");
    }

    // Life 4: what could not be written is answered and leaves nothing behind.
    [Theory, Framings]
    public async Task A_full_or_damaged_disk_is_said_and_the_stream_goes_on(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        play.Disk.Hold();
        await romeo.Send(Message(juliet.Bare, "chat", "m1"));
        await play.Disk.Holds(1);
        play.Disk.Fail(new StorageException("full") { DiskFull = true });
        await romeo.Expect(
            $"<message type='error' from='{juliet.Bare}' id='m1'><error type='wait'><resource-constraint xmlns='{Ns.StanzaErrors}'/></error></message>"
        );
        play.Log.TakeFailures().Count.ShouldBe(1);
        play.Disk.Hold();
        await romeo.Send(Message(juliet.Bare, "chat", "m2"));
        await play.Disk.Holds(1);
        play.Disk.Fail(new StorageException("zeroes") { Damaged = true });
        await romeo.Expect(
            $"<message type='error' id='m2'><error><internal-server-error xmlns='{Ns.StanzaErrors}'/><text xmlns='{Ns.StanzaErrors}'>the database is damaged</text></error></message>"
        );
        play.Log.TakeFailures().Count.ShouldBe(1);
        await romeo.Send(Message(juliet.Bare, "chat", "m3"));
        await juliet.Expect("<message id='m3'/>");
        await play.ExpectNothing(romeo, juliet);
    }
}
