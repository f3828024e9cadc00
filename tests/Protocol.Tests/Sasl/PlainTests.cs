using Xmpp.Sasl;
using Xunit;

namespace Protocol.Tests.Sasl;

public sealed class PlainTests
{
    private readonly SaslHouse _house = SaslHouse.WithRomeo();

    [Theory]
    [InlineData("")]
    [InlineData("romeo")]
    [InlineData("romeo@example.org")]
    public void Who_knows_the_password_signs_in(string authzid) =>
        _house.Server("PLAIN").SignIn(new PlainClient("romeo", "pencil", authzid)).ShouldBe("romeo");

    [Theory]
    [InlineData(ScramHash.Sha1)]
    [InlineData(ScramHash.Sha256)]
    public void The_keys_of_one_hash_are_enough(ScramHash hash)
    {
        _house.Add("nurse", ScramKeys.Create("pencil", hash));

        _house.Server("PLAIN").SignIn(new PlainClient("nurse", "pencil")).ShouldBe("nurse");
    }

    [Theory]
    [InlineData("pencils")]
    [InlineData("Pencil")]
    [InlineData("pencil\x7")]
    public void A_wrong_password_is_refused(string password) =>
        _house.Server("PLAIN").SignIn(new PlainClient("romeo", password)).ShouldFail(SaslFailure.NotAuthorized);

    [Theory]
    [InlineData("juliet")]
    [InlineData("juliet@example.org")]
    [InlineData("romeo@example.net")]
    public void Nobody_acts_as_another(string authzid) =>
        _house
            .Server("PLAIN")
            .SignIn(new PlainClient("romeo", "pencil", authzid))
            .ShouldFail(SaslFailure.InvalidAuthzid);

    [Theory]
    [InlineData("romeo")]
    [InlineData("romeo\0pencil")]
    [InlineData("\0romeo\0pencil\0")]
    [InlineData("\0\0pencil")]
    [InlineData("\0romeo\0")]
    [InlineData("\0\0")]
    public void A_message_of_another_form_is_refused(string message) =>
        _house.Server("PLAIN").Next(message).ShouldFail(SaslFailure.MalformedRequest);

    [Fact]
    public void What_is_no_text_is_refused() =>
        _house.Server("PLAIN").Next([0, 0xFF, 0, 0x61]).ShouldFail(SaslFailure.IncorrectEncoding);

    [Fact]
    public void A_name_that_no_account_can_have_is_refused() =>
        _house.Server("PLAIN").Next("\0ro meo\0pencil").ShouldFail(SaslFailure.NotAuthorized);
}
