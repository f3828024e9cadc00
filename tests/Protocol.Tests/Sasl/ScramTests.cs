using Shouldly;
using Xmpp.Sasl;
using Xunit;

namespace Protocol.Tests.Sasl;

public sealed class ScramTests
{
    private readonly SaslHouse _house = SaslHouse.WithRomeo();

    [Theory]
    [InlineData("SCRAM-SHA-1", ScramHash.Sha1, false)]
    [InlineData("SCRAM-SHA-256", ScramHash.Sha256, false)]
    [InlineData("SCRAM-SHA-1-PLUS", ScramHash.Sha1, true)]
    [InlineData("SCRAM-SHA-256-PLUS", ScramHash.Sha256, true)]
    public void Who_knows_the_password_signs_in(string name, ScramHash hash, bool bound)
    {
        var client = new ScramClient(hash, "romeo", "pencil", bound ? SaslHouse.EndPoint : null, SaslHouse.Bound);

        client.Name.ShouldBe(name);
        _house.Server(name).SignIn(client).ShouldBe("romeo");
    }

    [Fact]
    public void A_wrong_password_is_refused() =>
        _house.Server("SCRAM-SHA-1").SignIn(Romeo("pencils")).ShouldFail(SaslFailure.NotAuthorized);

    [Fact]
    public void A_client_without_an_initial_response_is_asked_for_it()
    {
        var server = _house.Server("SCRAM-SHA-1");

        var asked = server.Next("");

        asked.Outcome.ShouldBe(SaslOutcome.Challenge);
        asked.Data.ShouldBeEmpty();
        server.SignIn(Romeo()).ShouldBe("romeo");
    }

    [Fact]
    public void A_name_is_prepared_before_it_is_looked_up() =>
        _house.Server("SCRAM-SHA-1").SignIn(new ScramClient(ScramHash.Sha1, "ROMEO", "pencil")).ShouldBe("romeo");

    [Fact]
    public void A_name_that_no_account_can_have_is_refused() =>
        _house.Server("SCRAM-SHA-1").Next("n,,n=ro meo,r=abc").ShouldFail(SaslFailure.NotAuthorized);

    [Theory]
    [InlineData("a,b=c")]
    [InlineData(",=,=")]
    [InlineData("=2c")]
    [InlineData("größe")]
    public void Names_with_commas_and_equals_signs_are_escaped(string user)
    {
        _house.Add(user, "pencil");

        _house.Server("SCRAM-SHA-1").SignIn(new ScramClient(ScramHash.Sha1, user, "pencil")).ShouldBe(user);
    }

    [Theory]
    [InlineData("n,,n=a=b,r=abc")]
    [InlineData("n,,n=a=2c,r=abc")]
    [InlineData("n,,n=a=,r=abc")]
    [InlineData("n,,n=a=2,r=abc")]
    [InlineData("n,,n=,r=abc")]
    [InlineData("n,,n=romeo")]
    [InlineData("n,,n=romeo,r=")]
    [InlineData("n,,n=romeo,r=ab c")]
    [InlineData("n,,n=romeo,r=abc,")]
    [InlineData("n,,n=romeo,r=abc,x")]
    [InlineData("n,,n=romeo,r=abc,1=2")]
    [InlineData("n,,n=romeo,r=abc,x=")]
    [InlineData("n,,r=abc,n=romeo")]
    [InlineData("n,romeo,n=romeo,r=abc")]
    [InlineData("n,a=,n=romeo,r=abc")]
    [InlineData("n,n=romeo,r=abc")]
    [InlineData("n,,")]
    [InlineData("n,")]
    [InlineData("n")]
    [InlineData(",,n=romeo,r=abc")]
    [InlineData("q,,n=romeo,r=abc")]
    [InlineData("nn,,n=romeo,r=abc")]
    [InlineData("n=romeo,r=abc")]
    public void A_first_message_of_another_form_is_refused(string message) =>
        _house.Server("SCRAM-SHA-1").Next(message).ShouldFail(SaslFailure.MalformedRequest);

    [Theory]
    [InlineData("n,,m=must,n=romeo,r=abc")]
    [InlineData("n,,n=romeo,r=abc,m=must")]
    public void An_extension_that_has_to_be_understood_is_refused(string message) =>
        _house.Server("SCRAM-SHA-1").Next(message).ShouldFail(SaslFailure.MalformedRequest);

    [Fact]
    public void An_extension_that_has_to_be_understood_is_refused_at_the_end_too() =>
        _house
            .Server("SCRAM-SHA-1")
            .SignIn(new ScramClient(ScramHash.Sha1, "romeo", "pencil") { FinalExtensions = ",m=must" })
            .ShouldFail(SaslFailure.MalformedRequest);

    [Fact]
    public void Unknown_extensions_are_ignored_and_signed()
    {
        _house.Server("SCRAM-SHA-1").Next("n,,n=romeo,r=abc,x=y=z,Y=1").Outcome.ShouldBe(SaslOutcome.Challenge);
        _house
            .Server("SCRAM-SHA-1")
            .SignIn(new ScramClient(ScramHash.Sha1, "romeo", "pencil") { FinalExtensions = ",x=1,y=2" })
            .ShouldBe("romeo");
    }

    [Theory]
    [InlineData(new byte[] { 0x6E, 0x2C, 0x2C, 0x6E, 0x3D, 0xFF, 0x2C, 0x72, 0x3D, 0x61 })]
    [InlineData(new byte[] { 0x6E, 0x2C, 0x2C, 0x6E, 0x3D, 0x00, 0x2C, 0x72, 0x3D, 0x61 })]
    public void What_is_no_text_is_refused(byte[] message) =>
        _house.Server("SCRAM-SHA-1").Next(message).ShouldFail(SaslFailure.IncorrectEncoding);

    [Fact]
    public void A_message_longer_than_any_client_needs_is_refused() =>
        _house
            .Server("SCRAM-SHA-1")
            .Next("n,,n=romeo,r=" + new string('x', 5000))
            .ShouldFail(SaslFailure.MalformedRequest);

    [Theory]
    [InlineData("romeo")]
    [InlineData("romeo@example.org")]
    [InlineData("Romeo@EXAMPLE.org")]
    public void A_client_may_name_itself_as_who_it_acts_as(string authzid) =>
        _house.Server("SCRAM-SHA-1").SignIn(Romeo(authzid: authzid)).ShouldBe("romeo");

    [Theory]
    [InlineData("juliet")]
    [InlineData("juliet@example.org")]
    [InlineData("romeo@example.net")]
    [InlineData("romeo@example.org/phone")]
    [InlineData("romeo@")]
    [InlineData("@example.org")]
    [InlineData("@")]
    public void Nobody_acts_as_another(string authzid) =>
        _house.Server("SCRAM-SHA-1").SignIn(Romeo(authzid: authzid)).ShouldFail(SaslFailure.InvalidAuthzid);

    [Theory]
    [InlineData("c=biws,r=abcOTHER", SaslFailure.NotAuthorized)]
    [InlineData("c=biws,r=abc", SaslFailure.NotAuthorized)]
    [InlineData("c=eSws,r=abcSERVER", SaslFailure.NotAuthorized)]
    [InlineData("c=biwsIA==,r=abcSERVER", SaslFailure.NotAuthorized)]
    [InlineData("r=abcSERVER,c=biws", SaslFailure.MalformedRequest)]
    [InlineData("c=biws", SaslFailure.MalformedRequest)]
    [InlineData("c=,r=abcSERVER", SaslFailure.MalformedRequest)]
    [InlineData("c=biws,r=abcSERVER,", SaslFailure.MalformedRequest)]
    [InlineData("", SaslFailure.MalformedRequest)]
    public void A_last_message_that_does_not_fit_the_first_is_refused(string final, SaslFailure condition)
    {
        var server = Fixed();
        server.Next("n,,n=romeo,r=abc");

        server.Next(final + ",p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=").ShouldFail(condition);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",p=")]
    [InlineData(",p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts")]
    [InlineData(",p=v0X8v3Bz2T0CJGbJQyF0X+HI4Tt=")]
    [InlineData(",p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=,x=y")]
    [InlineData(",p=v0X8v3Bz2T0CJGbJQyF0X+HI4TsA")]
    [InlineData(",p=v0X8v3Bz2T0CJGbJQyF0X+HI    ")]
    [InlineData(",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    public void A_proof_of_another_form_is_refused(string proof)
    {
        var server = Fixed();
        server.Next("n,,n=romeo,r=abc");

        server.Next("c=biws,r=abcSERVER" + proof).ShouldFail(SaslFailure.MalformedRequest);
    }

    [Fact]
    public void A_finished_exchange_takes_nothing_more()
    {
        var server = _house.Server("SCRAM-SHA-1");
        server.SignIn(Romeo()).ShouldBe("romeo");

        server.SignIn(Romeo()).ShouldFail(SaslFailure.MalformedRequest);
    }

    [Fact]
    public void A_failed_exchange_takes_nothing_more()
    {
        var server = _house.Server("SCRAM-SHA-1");
        server.SignIn(Romeo("wrong")).ShouldFail(SaslFailure.NotAuthorized);

        server.SignIn(Romeo()).ShouldFail(SaslFailure.MalformedRequest);
    }

    [Fact]
    public void Every_exchange_has_a_nonce_of_its_own() =>
        Enumerable
            .Range(0, 100)
            .Select(_ => _house.Server("SCRAM-SHA-1").Next("n,,n=romeo,r=abc").Text())
            .Distinct(StringComparer.Ordinal)
            .Count()
            .ShouldBe(100);

    private static ScramClient Romeo(string password = "pencil", string? authzid = null) =>
        new(ScramHash.Sha1, "romeo", password) { Authzid = authzid };

    private ScramServer Fixed() =>
        new("SCRAM-SHA-1", ScramHash.Sha1, _house.Context(SaslHouse.Unbound)) { FixedNonce = "SERVER" };
}
