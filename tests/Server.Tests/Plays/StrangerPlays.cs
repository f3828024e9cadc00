using Server.Tests.Plays.Stage;
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
}
