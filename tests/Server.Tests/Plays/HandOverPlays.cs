using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Household;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>The first token of a browser whose page made or recovered the account (laws, "One sign-in").</summary>
public sealed class HandOverPlays
{
    private static readonly UserAgent _browser = new(SignIn2.Phone, "Kith", "A browser");

    private static async Task<string?> TakeAsync(Play play, string code) =>
        (await play.Server.HandOvers.TakeAsync(code, _browser))?.Token.Token;

    [Theory, Framings]
    public async Task It_signs_in_without_a_password(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        string token = (await TakeAsync(play, play.Server.HandOvers.Offer("romeo")))!;

        (Actor romeo, XElement success) = await SignIn2.TryTokenAsync(
            play,
            "romeo",
            token,
            SignIn2.Fast + SignIn2.Bind
        );

        success.Name.LocalName.ShouldBe("success");
        await romeo.Ping();
    }

    // Laws, "Tokens": bound to account and user agent.
    [Theory, Framings]
    public async Task It_is_worth_nothing_to_another_device_or_account(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        await play.AddAccount("tybalt");
        string token = (await TakeAsync(play, play.Server.HandOvers.Offer("romeo")))!;

        string refused = SignIn2.Failure("not-authorized");
        (await SignIn2.TryTokenAsync(play, "romeo", token, agent: SignIn2.Laptop)).Answer.ShouldMatch(refused);
        (await SignIn2.TryTokenAsync(play, "tybalt", token)).Answer.ShouldMatch(refused);
    }

    [Fact]
    public async Task A_code_is_good_once_and_for_ten_minutes()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        await play.AddAccount("romeo");
        string code = play.Server.HandOvers.Offer("romeo");
        (await TakeAsync(play, code)).ShouldNotBeNull();
        (await TakeAsync(play, code)).ShouldBeNull();

        string late = play.Server.HandOvers.Offer("romeo");
        string timely = play.Server.HandOvers.Offer("romeo");
        await play.Advance(HandOvers.Lifetime - TimeSpan.FromSeconds(1));
        (await TakeAsync(play, timely)).ShouldNotBeNull();
        await play.Advance(TimeSpan.FromSeconds(1));
        (await TakeAsync(play, late)).ShouldBeNull();
    }

    [Fact]
    public async Task What_ends_sign_ins_ends_codes()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        await play.AddAccount("romeo");
        string code = play.Server.HandOvers.Offer("romeo");
        await play.Server.Home.People.SetPasswordAsync("romeo", "what is in a name");
        (await TakeAsync(play, code)).ShouldBeNull();

        code = play.Server.HandOvers.Offer("romeo");
        await play.Server.Home.People.LockAsync("romeo");
        (await TakeAsync(play, code)).ShouldBeNull();
        await play.Server.Home.People.UnlockAsync("romeo");

        code = play.Server.HandOvers.Offer("romeo");
        await play.Server.Home.People.RemoveAsync("romeo");
        (await TakeAsync(play, code)).ShouldBeNull();
    }

    [Fact]
    public async Task A_device_without_an_id_spends_no_code()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        await play.AddAccount("romeo");
        string code = play.Server.HandOvers.Offer("romeo");
        (await play.Server.HandOvers.TakeAsync(code, UserAgent.Of("romeo's", "Kith", ""))).ShouldBeNull();
        (await TakeAsync(play, code)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Codes_that_nobody_takes_do_not_heap_up()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        await play.AddAccount("romeo");
        string first = play.Server.HandOvers.Offer("romeo");
        string last = "";
        for (int number = 0; number < 1000; number++)
            last = play.Server.HandOvers.Offer("romeo");
        (await TakeAsync(play, first)).ShouldBeNull();
        (await TakeAsync(play, last)).ShouldNotBeNull();
    }
}
