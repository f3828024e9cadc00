using System.Security.Cryptography;
using Shouldly;
using Xmpp.Sasl;
using Xunit;

namespace Protocol.Tests.Sasl;

/// <summary>FAST's mechanisms (XEP-0484).</summary>
public sealed class HtTests
{
    private readonly SaslHouse _house = new() { Tokens = ["newer"u8.ToArray(), "older"u8.ToArray()] };

    [Theory]
    [InlineData("newer", 0)]
    [InlineData("older", 1)]
    public void A_token_signs_in_and_is_told_apart_from_the_others(string token, int matched)
    {
        var server = (HtServer)_house.Server(HtServer.Unbound);

        server.SignIn(new HtClient("romeo", token)).ShouldBe("romeo");
        server.Matched.ShouldBe(matched);
    }

    [Fact]
    public void The_messages_are_those_of_the_draft()
    {
        var step = _house
            .Server(HtServer.EndPoint)
            .Next([.. "romeo\0"u8, .. HMACSHA256.HashData("newer"u8, [.. "Initiator"u8, .. SaslHouse.EndPoint.Data])]);

        step.ShouldBe("romeo");
        step.Data.ShouldBe(HMACSHA256.HashData("newer"u8, [.. "Responder"u8, .. SaslHouse.EndPoint.Data]));
    }

    [Fact]
    public void A_bound_token_signs_in_through_the_same_certificate_alone()
    {
        var other = SaslHouse.EndPoint with { Data = [9] };

        _house.Server(HtServer.EndPoint).SignIn(new HtClient("romeo", "newer", SaslHouse.EndPoint)).ShouldBe("romeo");
        _house
            .Server(HtServer.EndPoint)
            .SignIn(new HtClient("romeo", "newer", other))
            .ShouldFail(SaslFailure.NotAuthorized);
        _house.Server(HtServer.EndPoint).SignIn(new HtClient("romeo", "newer")).ShouldFail(SaslFailure.NotAuthorized);
    }

    [Fact]
    public void Without_a_binding_there_is_no_bound_mechanism() =>
        HtServer.Create(HtServer.EndPoint, _house.Context(SaslHouse.Unbound), _ => []).ShouldBeNull();

    [Fact]
    public void A_wrong_token_is_refused()
    {
        var server = (HtServer)_house.Server(HtServer.Unbound);

        server.SignIn(new HtClient("romeo", "wrong")).ShouldFail(SaslFailure.NotAuthorized);
        server.Matched.ShouldBe(-1);
    }

    [Fact]
    public void Without_tokens_nothing_opens_not_even_what_stands_in_for_them()
    {
        _house.Tokens = [];
        var secret = _house.Context(SaslHouse.Bound).Secret;

        _house
            .Server(HtServer.Unbound)
            .Next([.. "romeo\0"u8, .. HMACSHA256.HashData(secret, "Initiator"u8)])
            .ShouldFail(SaslFailure.NotAuthorized);
    }

    [Theory]
    [InlineData("romeo")]
    [InlineData("romeo\0")]
    [InlineData("romeo\0short")]
    [InlineData("\0abcdefghijklmnopqrstuvwxyz012345")]
    [InlineData("romeo\0abcdefghijklmnopqrstuvwxyz0123456")]
    public void A_message_of_another_form_is_refused(string message) =>
        _house.Server(HtServer.Unbound).Next(message).ShouldFail(SaslFailure.MalformedRequest);

    [Fact]
    public void A_name_that_is_no_text_is_refused() =>
        _house.Server(HtServer.Unbound).Next([0xFF, 0, .. new byte[32]]).ShouldFail(SaslFailure.IncorrectEncoding);

    [Fact]
    public void A_name_that_no_account_can_have_is_refused() =>
        _house.Server(HtServer.Unbound).SignIn(new HtClient("ro meo", "newer")).ShouldFail(SaslFailure.NotAuthorized);

    [Fact]
    public void A_client_does_not_trust_a_server_that_does_not_know_the_token() =>
        new HtClient("romeo", "newer").Accept(HMACSHA256.HashData("newer"u8, "Initiator"u8)).ShouldBeFalse();
}
