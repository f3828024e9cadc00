using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Stanzas;
using Xunit;
using static Server.Tests.Plays.Stage.RoomStage;

namespace Server.Tests.Plays;

/// <summary>Occupants who live elsewhere (README, "Beyond the accounts", "Rooms").</summary>
public sealed class RoomNeighbourPlays
{
    private const string Bob = "bob@away.test/x";

    // Anna in her room, and Bob from elsewhere in it too.
    private static async Task<(Actor Anna, Neighbour Away)> Assemble(Play play, params string[] fields)
    {
        var away = new Neighbour(play, "away.test");
        play.Server.Dispatcher.Services.Add(away).ShouldBeTrue();
        Actor anna = await play.Connect("anna", "phone");
        await anna.Found("Anna", Room, fields);
        await anna.Say("before");
        await play.Watch(anna);
        await Enter(away, "Anna");
        await anna.Expect($"<presence from='{Room}/Bob'><x xmlns='{Muc}#user'><item jid='{Bob}'/></x></presence>");
        return (anna, away);
    }

    private static async Task Enter(Neighbour away, params string[] others)
    {
        await away.Send($"<presence from='{Bob}' to='{Room}/Bob'><x xmlns='{Muc}'/></presence>");
        foreach (string other in others)
            await away.Expect($"<presence from='{Room}/{other}' to='{Bob}'/>");
        await away.Expect(
            $"<presence from='{Room}/Bob' to='{Bob}'><x xmlns='{Muc}#user'><status code='110'/></x></presence>"
        );
        await away.Expect(
            $"<message from='{Room}/Anna' to='{Bob}'><body>before</body><delay xmlns='urn:xmpp:delay' from='{Room}'/></message>"
        );
        await away.Expect($"<message from='{Room}' to='{Bob}' type='groupchat'><subject/></message>");
    }

    private const string Kicked =
        $"<presence from='{Room}/Bob' type='unavailable'><x xmlns='{Muc}#user'><item role='none'/><status code='307'/><status code='333'/></x></presence>";

    // XEP-0045 §7.1 to §7.5, §7.14.
    [Theory, Framings]
    public async Task Somebody_elsewhere_enters_talks_and_leaves(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor anna, Neighbour away) = await Assemble(play);
        await away.Send($"<message from='{Bob}' to='{Room}' type='groupchat' id='m'><body>hello</body></message>");
        await anna.Expect($"<message from='{Room}/Bob' type='groupchat' id='m'><body>hello</body></message>");
        await away.Expect(
            $"<message from='{Room}/Bob' to='{Bob}' id='m'><body>hello</body><stanza-id xmlns='urn:xmpp:sid:0' by='{Room}'/><occupant-id xmlns='urn:xmpp:occupant-id:0'/></message>"
        );
        await anna.Send($"<message to='{Room}/Bob' type='chat' id='p'><body>psst</body></message>");
        await away.Expect(
            $"<message from='{Room}/Anna' to='{Bob}' type='chat' id='p'><body>psst</body><x xmlns='{Muc}#user'/></message>"
        );
        await away.Send($"<message from='{Bob}' to='{Room}/Anna' type='chat'><body>what?</body></message>");
        await anna.Expect($"<message from='{Room}/Bob' to='{anna.Jid}' type='chat'><body>what?</body></message>");
        await away.Send($"<presence from='{Bob}' to='{Room}/Robert'/>");
        await anna.Expect(
            $"<presence from='{Room}/Bob' type='unavailable'><x xmlns='{Muc}#user'><item nick='Robert'/><status code='303'/></x></presence>"
        );
        await anna.Expect($"<presence from='{Room}/Robert' type='{{none}}'/>");
        await away.Send($"<presence from='{Bob}' to='{Room}/Robert' type='unavailable'/>");
        await anna.Expect($"<presence from='{Room}/Robert' type='unavailable'/>");
        await away.Expect($"<presence from='{Room}/Bob' to='{Bob}' type='unavailable'/>");
        await away.Expect($"<presence from='{Room}/Robert' to='{Bob}' type='{{none}}'/>");
        await away.Expect($"<presence from='{Room}/Robert' to='{Bob}' type='unavailable'/>");
        await anna.Say("alone");
        await away.ExpectNothing();
        await away.Send($"<message from='{Bob}' to='{Room}' type='groupchat' id='n'><body>hello</body></message>");
        await away.Expect(
            $"<message from='{Room}' to='{Bob}' type='error' id='n'>{Error("not-acceptable", "modify")}</message>"
        );
    }

    // §7.14, §11.2: errors that say that nobody is behind the address, to the room or to the nick whose words came back.
    [Theory]
    [InlineData("<message from='{0}' to='{1}' type='error'>{2}</message>", "recipient-unavailable", true)]
    [InlineData("<message from='{0}' to='{1}/Anna' type='error'>{2}</message>", "service-unavailable", true)]
    [InlineData("<message from='{0}' to='{1}/Anna' type='error'>{2}</message>", "remote-server-timeout", true)]
    [InlineData("<presence from='{0}' to='{1}/Anna' type='error'>{2}</presence>", "gone", true)]
    [InlineData("<message from='{0}' to='{1}' type='error'>{2}</message>", "policy-violation", false)]
    [InlineData("<message from='{0}' to='{1}/Anna' type='error'>{2}</message>", "not-acceptable", false)]
    [InlineData("<message from='eve@away.test/x' to='{1}/Anna' type='error'>{2}</message>", "gone", false)]
    public async Task Who_answers_with_an_error_is_gone(string error, string condition, bool isGone)
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        (Actor anna, Neighbour away) = await Assemble(play);
        await away.Send(
            error
                .Replace("{0}", Bob, StringComparison.Ordinal)
                .Replace("{1}", Room, StringComparison.Ordinal)
                .Replace("{2}", Error(condition, "cancel"), StringComparison.Ordinal)
        );
        if (isGone)
            await anna.Expect(Kicked);
        await play.Settle();
        anna.Forget();
        await away.Send($"<message from='{Bob}' to='{Room}' type='groupchat'><body>still here</body></message>");
        await play.Settle();
        anna.Unexpected().Count(each => each.Name.LocalName == "message").ShouldBe(isGone ? 0 : 1);
    }

    // An error of one who is here says nothing of that: it goes to whom it is for.
    [Theory, Framings]
    public async Task An_error_of_a_client_here_goes_to_who_wrote_to_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna");
        await ben.Enter("Ben");
        await play.Settle();
        anna.Forget();
        await ben.Send(
            $"<message to='{Room}/Anna' type='error' id='e'>{Error("service-unavailable", "cancel")}</message>"
        );
        await anna.Await($"<message from='{Room}/Ben' type='error' id='e'/>");
        await ben.Say("still here");
        await anna.Await("<message><body>still here</body></message>");
    }

    // Whose server is gone is put out with the first thing that does not reach it.
    [Theory, Framings]
    public async Task Whose_server_is_gone_is_put_out(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor anna, Neighbour away) = await Assemble(play);
        play.Server.Dispatcher.Services.Remove(away).ShouldBeTrue();
        await anna.Say("hello?");
        await anna.Expect("<message><body>hello?</body></message>");
        await anna.Expect(Kicked);
        play.Server.Dispatcher.Services.Add(away).ShouldBeTrue();
        await away.ExpectNothing();
        // And may come back.
        await away.Send(
            $"<presence from='{Bob}' to='{Room}/Bob'><x xmlns='{Muc}'><history maxstanzas='0'/></x></presence>"
        );
        await anna.Expect($"<presence from='{Room}/Bob' type='{{none}}'/>");
    }

    // A server that takes stanzas and answers later with errors, as one that cannot be reached does.
    [Theory, Framings]
    public async Task A_server_that_refuses_late_is_gone_too(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor anna, Neighbour away) = await Assemble(play);
        away.OnMessage = (origin, message) => throw new StanzaErrorException(StanzaError.RemoteServerNotFound());
        await anna.Say("one");
        await anna.Say("two");
        await anna.Await(Kicked);
        await play.Settle();
        await away.Expect($"<presence from='{Room}/Bob' to='{Bob}' type='unavailable'/>");
        away.OnMessage = null;
        anna.Forget();
        await anna.Say("three");
        await away.ExpectNothing();
    }
}
