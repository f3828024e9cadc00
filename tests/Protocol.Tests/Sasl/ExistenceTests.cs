using System.Diagnostics;
using System.Text.RegularExpressions;
using Shouldly;
using Xmpp.Sasl;
using Xunit;

namespace Protocol.Tests.Sasl;

/// <summary>A sign-in that fails does not tell whether the account exists.</summary>
public sealed partial class ExistenceTests
{
    private readonly SaslHouse _house = new();

    public ExistenceTests()
    {
        _house.Add("romeo", ScramKeys.Create("pencil", ScramHash.Sha1));
        _house.Add("romeo", ScramKeys.Create("pencil", ScramHash.Sha256));
        // As after an import: without the newer hash.
        _house.Add("nurse", ScramKeys.Create("pencil", ScramHash.Sha1));
    }

    [Theory]
    [InlineData("SCRAM-SHA-1", ScramHash.Sha1, "ghost")]
    [InlineData("SCRAM-SHA-256", ScramHash.Sha256, "ghost")]
    [InlineData("SCRAM-SHA-256", ScramHash.Sha256, "nurse")]
    public void A_name_without_keys_gets_the_same_challenge_and_the_same_refusal(
        string name,
        ScramHash hash,
        string user
    )
    {
        var known = Shape(_house.Server(name).Next("n,,n=romeo,r=abc"));
        var unknown = Shape(_house.Server(name).Next($"n,,n={user},r=abc"));

        unknown.ShouldBe(known);
        _house.Server(name).SignIn(new ScramClient(hash, "romeo", "wrong")).ShouldFail(SaslFailure.NotAuthorized);
        _house.Server(name).SignIn(new ScramClient(hash, user, "pencil")).ShouldFail(SaslFailure.NotAuthorized);
    }

    [Theory]
    [InlineData("SCRAM-SHA-1")]
    [InlineData("SCRAM-SHA-256")]
    public void The_salt_of_a_name_without_an_account_stays_the_same(string name)
    {
        Salt(name, "ghost").ShouldBe(Salt(name, "ghost"));
        Salt(name, "Ghost").ShouldBe(Salt(name, "ghost"));
        Salt(name, "ghost").ShouldNotBe(Salt(name, "phantom"));
    }

    [Fact]
    public void The_salts_of_the_hashes_differ() =>
        Salt("SCRAM-SHA-1", "ghost").ShouldNotBe(Salt("SCRAM-SHA-256", "ghost"));

    [Fact]
    public void The_salt_of_another_house_is_another()
    {
        var here = ScramKeys.Fake(ScramHash.Sha1, [1], "ghost").Salt;

        ScramKeys.Fake(ScramHash.Sha1, [2], "ghost").Salt.ShouldNotBe(here);
    }

    [Fact]
    public void A_proof_made_of_the_empty_keys_of_a_fake_does_not_open_it()
    {
        // With all keys zero the signatures are known to everybody; the proof would still have to be a preimage.
        var fake = ScramKeys.Fake(ScramHash.Sha1, [1], "ghost");

        fake.Matches("").ShouldBeFalse();
        fake.StoredKey.ShouldAllBe(octet => octet == 0);
    }

    [Fact]
    public void A_password_for_an_unknown_name_costs_a_derivation_too()
    {
        _house.Server("PLAIN").Next("\0ghost\0pencil").ShouldFail(SaslFailure.NotAuthorized);
        // The shortest of several in turn, because others use the machine too: in a busy hour it takes more of them.
        var known = long.MaxValue;
        var unknown = long.MaxValue;
        for (var i = 0; i < 100 && (i < 7 || unknown < known / 3 || unknown > known * 3); i++)
        {
            known = Math.Min(known, Cost("romeo"));
            unknown = Math.Min(unknown, Cost("ghost"));
        }

        unknown.ShouldBeInRange(known / 3, known * 3);
    }

    [Fact]
    public void A_token_for_an_unknown_name_is_refused_as_a_wrong_one_is()
    {
        _house.Tokens = ["secret"u8.ToArray()];

        _house.Server(HtServer.Unbound).SignIn(new HtClient("romeo", "wrong")).ShouldFail(SaslFailure.NotAuthorized);
        _house.Server(HtServer.Unbound).SignIn(new HtClient("ghost", "secret")).ShouldFail(SaslFailure.NotAuthorized);
    }

    private static string Shape(SaslStep step)
    {
        step.Outcome.ShouldBe(SaslOutcome.Challenge);
        return Values().Replace(step.Text(), match => new string('x', match.Length));
    }

    /// <summary>In ticks.</summary>
    private long Cost(string user)
    {
        var server = _house.Server("PLAIN");
        var start = Stopwatch.GetTimestamp();
        server.Next($"\0{user}\0wrong").ShouldFail(SaslFailure.NotAuthorized);
        return Stopwatch.GetTimestamp() - start;
    }

    private string Salt(string name, string user) =>
        _house
            .Server(name)
            .Next($"n,,n={user},r=abc")
            .Text()
            .Split(',')
            .Single(part => part.StartsWith("s=", StringComparison.Ordinal));

    [GeneratedRegex("(?<=[rs]=)[^,]*", RegexOptions.None, 1000)]
    private static partial Regex Values();
}
