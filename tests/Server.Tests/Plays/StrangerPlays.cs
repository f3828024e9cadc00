using Server.Tests.Plays.Stage;
using Shouldly;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>Who has not signed in takes little room (security.md, "Streams"; XEP-0478).</summary>
public sealed class StrangerPlays
{
    [Theory, Framings]
    public async Task One_address_has_only_so_many_connections_before_it_signs_in(Framing framing)
    {
        await using Play play = await Play.StartAsync(
            framing,
            options => options with { UnauthenticatedPerAddress = 2 }
        );
        await play.AddAccount("romeo");
        Actor first = await SignIn2.OpenAsync(play, "romeo");
        Actor second = await SignIn2.OpenAsync(play, "romeo");
        Actor third = play.Dial("romeo", "third");
        await third.Next();
        await third.ExpectEnd("policy-violation");

        // Who signs in, and who goes, makes room.
        await SignIn2.AuthenticateAsync(first, SignIn.Plain("romeo"), SignIn2.Bind);
        Actor fourth = await SignIn2.OpenAsync(play, "romeo");
        await second.Cut();
        await SignIn2.OpenAsync(play, "romeo");
        await fourth.Cut();
    }

    [Theory, Framings]
    public async Task Features_tell_how_much_may_be_sent(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        Actor romeo = await SignIn2.OpenAsync(play, "romeo");
        romeo.Features.ShouldMatch(Limit(65536));
        await SignIn2.AuthenticateAsync(romeo, SignIn.Plain("romeo"), SignIn2.Bind);
        romeo.Features.ShouldMatch(Limit(262144));

        static string Limit(int bytes) =>
            $"<stream:features><limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>{bytes}</max-bytes></limits></stream:features>";
    }

    // security.md, "Streams": compression tells secrets by their length; nothing of the kind is to be had.
    [Theory, Framings]
    public async Task Compression_is_not_offered(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        Actor romeo = await SignIn2.OpenAsync(play, "romeo");
        romeo.Features.ToString().ShouldNotContain("compress");
        await SignIn2.AuthenticateAsync(romeo, SignIn.Plain("romeo"), inside: "");
        romeo.Features.ToString().ShouldNotContain("compress");
        await romeo.Send("<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>");
        await romeo.ExpectEnd("unsupported-stanza-type");
    }

    // Life 10; security.md, "Streams": a flood is read slowly, and nobody else notices.
    [Theory, Framings]
    public async Task A_flood_slows_its_own_sender_only(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing, options => options with { StanzasPerSecond = 2 });
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor romeo = await play.Connect("romeo", "phone");
        // Ten may come at once, of which two were his presence and his ping.
        for (int i = 0; i < 16; i++)
            await romeo.Send($"<message to='{juliet.Bare}' type='chat' id='m{i}'><body>x</body></message>");
        await Expect(0, 7);
        for (int i = 0; i < 3; i++)
            await juliet.Ping();
        juliet.Unexpected().ShouldBeEmpty();
        play.Clock.Advance(TimeSpan.FromMinutes(1));
        await Expect(8, 15);

        async Task Expect(int first, int last)
        {
            for (int i = first; i <= last; i++)
                await juliet.Expect($"<message id='m{i}'/>");
        }
    }
}
