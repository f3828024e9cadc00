using Shouldly;
using Xmpp.Sasl;
using Xunit;

namespace Protocol.Tests.Sasl;

/// <summary>Somebody in the middle takes away what is strong.</summary>
public sealed class DowngradeTests
{
    private readonly SaslHouse _house = SaslHouse.WithRomeo();

    [Fact]
    public void A_client_that_believes_we_cannot_bind_is_refused_when_we_offered_to() =>
        _house
            .Server("SCRAM-SHA-1", SaslHouse.Bound)
            .SignIn(new ScramClient(ScramHash.Sha1, "romeo", "pencil") { Flag = 'y' })
            .ShouldFail(SaslFailure.NotAuthorized);

    [Fact]
    public void A_client_that_believes_we_cannot_bind_is_right_when_we_did_not_offer_to() =>
        _house
            .Server("SCRAM-SHA-1", SaslHouse.Unbound)
            .SignIn(new ScramClient(ScramHash.Sha1, "romeo", "pencil") { Flag = 'y' })
            .ShouldBe("romeo");

    [Fact]
    public void A_client_that_cannot_bind_need_not() =>
        _house
            .Server("SCRAM-SHA-1", SaslHouse.Bound)
            .SignIn(new ScramClient(ScramHash.Sha1, "romeo", "pencil"))
            .ShouldBe("romeo");

    [Theory]
    [InlineData("SCRAM-SHA-1-PLUS", "n,,n=romeo,r=abc")]
    [InlineData("SCRAM-SHA-1-PLUS", "y,,n=romeo,r=abc")]
    [InlineData("SCRAM-SHA-1-PLUS", "p=tls-unique,,n=romeo,r=abc")]
    [InlineData("SCRAM-SHA-1-PLUS", "p=,,n=romeo,r=abc")]
    [InlineData("SCRAM-SHA-1-PLUS", "p,,n=romeo,r=abc")]
    [InlineData("SCRAM-SHA-1", "p=tls-server-end-point,,n=romeo,r=abc")]
    public void The_flag_has_to_fit_the_mechanism(string name, string message) =>
        _house.Server(name).Next(message).ShouldFail(SaslFailure.MalformedRequest);

    [Fact]
    public void Another_certificate_between_us_is_noticed()
    {
        var other = SaslHouse.EndPoint with { Data = [5, 4, 3, 2, 1] };

        _house
            .Server("SCRAM-SHA-256-PLUS")
            .SignIn(new ScramClient(ScramHash.Sha256, "romeo", "pencil", other))
            .ShouldFail(SaslFailure.NotAuthorized);
    }

    [Fact]
    public void A_shortened_list_is_noticed_by_the_client()
    {
        var seen = new MechanismList(["SCRAM-SHA-1", "PLAIN"], SaslHouse.Bound.Bindings);

        _house
            .Server("SCRAM-SHA-1")
            .SignIn(new ScramClient(ScramHash.Sha1, "romeo", "pencil", null, seen))
            .ShouldFail(SaslFailure.Aborted);
    }

    [Fact]
    public void A_hash_that_was_changed_to_fit_the_shortened_list_is_noticed_by_the_server()
    {
        var seen = new MechanismList(["SCRAM-SHA-1"], []);
        var server = _house.Server("SCRAM-SHA-1");
        var client = new ScramClient(ScramHash.Sha1, "romeo", "pencil", null, seen);

        var challenge = server.Next(client.Start()).Text();
        var changed = challenge[..(challenge.IndexOf(",h=", StringComparison.Ordinal) + 3)];
        changed += seen.DowngradeHash(ScramHash.Sha1);

        var response = client.Respond(System.Text.Encoding.UTF8.GetBytes(changed)).ShouldNotBeNull();
        server.Next(response).ShouldFail(SaslFailure.NotAuthorized);
    }

    [Fact]
    public void Without_anything_advertised_there_is_no_hash() =>
        new ScramServer("SCRAM-SHA-1", ScramHash.Sha1, _house.Context(MechanismList.None))
            .Next("n,,n=romeo,r=abc")
            .Text()
            .ShouldNotContain(",h=");

    [Theory]
    [InlineData("r=abc,s=AAAA,i=4096")]
    [InlineData("r=xyzSERVER,s=AAAA,i=4096")]
    [InlineData("r=abcSERVER,s=AAAA,i=4095")]
    [InlineData("r=abcSERVER,s=AAAA,i=2000000000")]
    [InlineData("r=abcSERVER,s=AAAA,i=99999999999999")]
    [InlineData("r=abcSERVER,s=AAAA,i=-1")]
    [InlineData("r=abcSERVER,s=,i=4096")]
    [InlineData("r=abcSERVER,s=!!,i=4096")]
    [InlineData("r=abcSERVER,s=AAAA")]
    [InlineData("m=must,r=abcSERVER,s=AAAA,i=4096")]
    [InlineData("r=abcSERVER,s=AAAA,i=4096,m=must")]
    [InlineData("")]
    public void A_client_does_not_answer_a_challenge_that_makes_no_sense(string challenge)
    {
        var client = new ScramClient(ScramHash.Sha1, "romeo", "pencil") { FixedNonce = "abc" };

        client.Respond(System.Text.Encoding.UTF8.GetBytes(challenge)).ShouldBeNull();
    }

    [Fact]
    public void A_client_does_not_trust_a_server_that_does_not_know_it()
    {
        var client = new ScramClient(ScramHash.Sha1, "romeo", "pencil") { FixedNonce = "abc" };
        client.Accept("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="u8).ShouldBeFalse();
        client.Respond("r=abcSERVER,s=AAAA,i=4096"u8).ShouldNotBeNull();

        client.Accept("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="u8).ShouldBeFalse();
        client.Accept([]).ShouldBeFalse();
    }
}
