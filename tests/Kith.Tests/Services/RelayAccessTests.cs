using Kith.Options;
using Kith.Services;
using Shouldly;
using Turn;
using Xunit;

namespace Kith.Tests.Services;

/// <summary>Who gets into the relay, for how long, and what clients are told of it (XEP-0215).</summary>
public class RelayAccessTests
{
    private static readonly KithOptions _options = new() { Domain = "home.example" };

    private readonly ManualTime _time = new(new DateTimeOffset(2026, 3, 14, 9, 26, 53, TimeSpan.Zero));

    [Fact]
    public void What_is_issued_is_found_and_names_the_account_by_a_hash()
    {
        RelayAccess access = Access();
        (string username, string password) = access.Issue("ann", 1, Tomorrow);
        username.ShouldNotContain("ann");
        RelayCredential credential = Right(access, username, password).ShouldNotBeNull();
        credential.Expires.ShouldBe(Tomorrow);
        (string other, string itsPassword) = access.Issue("bob", 1, Tomorrow);
        Right(access, other, itsPassword).ShouldNotBeNull().User.ShouldNotBe(credential.User);
        Right(access, other, password).ShouldBeNull();

        // Limits count all credentials of an account together.
        _time.Advance(TimeSpan.FromHours(1));
        (string later, string itsOwn) = access.Issue("ann", 1, Tomorrow);
        later.ShouldNotBe(username);
        Right(access, later, itsOwn).ShouldNotBeNull().User.ShouldBe(credential.User);
    }

    [Fact]
    public void A_credential_outlives_the_secret_s_change_at_midnight_and_not_its_own_day()
    {
        RelayAccess access = Access();
        (string username, string password) = access.Issue("ann", 1, Tomorrow);
        _time.Advance(TimeSpan.FromHours(23.9));
        Right(access, username, password).ShouldNotBeNull();
        _time.Advance(TimeSpan.FromHours(0.2));
        Right(access, username, password).ShouldBeNull();
    }

    [Fact]
    public void Whose_account_ends_loses_what_was_issued_until_then()
    {
        RelayAccess access = Access();
        var ended = new List<string>();
        access.Ended = ended.Add;
        (string username, string password) = access.Issue("ann", 1, Tomorrow);
        (string other, string itsPassword) = access.Issue("bob", 1, Tomorrow);
        string user = Right(access, username, password).ShouldNotBeNull().User;
        access.End("ann");
        ended.ShouldBe([user]);
        Right(access, username, password).ShouldBeNull();
        Right(access, other, itsPassword).ShouldNotBeNull();
        // Unlocked again, in the same second.
        (string after, string itsOwn) = access.Issue("ann", 1, Tomorrow);
        Right(access, after, itsOwn).ShouldNotBeNull();
        Right(access, username, password).ShouldBeNull();
    }

    // Laws, "The world outside": the clock of a box without a battery jumps.
    [Fact]
    public void A_clock_that_goes_back_gives_back_nothing_that_was_ended_and_takes_nothing_that_was_issued()
    {
        RelayAccess access = Access();
        (string username, string password) = access.Issue("ann", 1, Tomorrow);
        access.End("ann");
        _time.Turn(-TimeSpan.FromHours(3));
        (string after, string itsOwn) = access.Issue("ann", 1, Tomorrow);
        Right(access, after, itsOwn).ShouldNotBeNull();
        Right(access, username, password).ShouldBeNull();
    }

    [Fact]
    public void What_is_revoked_opens_nothing_and_no_call_ends()
    {
        RelayAccess access = Access();
        access.Ended = _ => throw new InvalidOperationException("nobody's ends");
        (string username, string password) = access.Issue("ann", 1, Tomorrow);
        access.Revoke("ann");
        Right(access, username, password).ShouldBeNull();
    }

    // Laws, "A device".
    [Fact]
    public void What_a_device_was_given_ends_with_it_and_the_account_s_other_devices_keep_theirs()
    {
        RelayAccess access = Access();
        access.Ended = _ => throw new InvalidOperationException("not all of the account");
        var named = new List<bool>();
        (string lost, string itsPassword) = access.Issue("ann", 1, Tomorrow);
        (string kept, string another) = access.Issue("ann", 2, Tomorrow);
        (string namesake, string third) = access.Issue("bob", 1, Tomorrow);
        access.EndedNames = isEnded => named.AddRange([isEnded(lost), isEnded(kept), isEnded(namesake)]);
        access.EndDevice("ann", 1);
        named.ShouldBe([true, false, false]);
        Right(access, lost, itsPassword).ShouldBeNull();
        Right(access, kept, another).ShouldNotBeNull();
        Right(access, namesake, third).ShouldNotBeNull();
        // It signs in again.
        (string after, string itsOwn) = access.Issue("ann", 1, Tomorrow);
        Right(access, after, itsOwn).ShouldNotBeNull();
        foreach (string absurd in (string[])["", ".", "...", "a.b.c.d", after + ".1", after[..^1] + "x"])
            access.Find(absurd).ShouldBeEmpty();
    }

    // Who has been locked out is not remembered beyond it.
    [Fact]
    public void A_credential_ends_with_the_process()
    {
        (string username, string password) = Access().Issue("ann", 1, Tomorrow);
        Right(Access(), username, password).ShouldBeNull();
    }

    // Laws, "The world outside", 1.
    [Fact]
    public void Clients_are_told_the_public_name_and_the_ports_that_are_open()
    {
        KithOptions options = _options with
        {
            Public = new PublicOptions { Url = new Uri("https://chat.example") },
            Listen = new Kith.Options.ListenOptions { RelayTls = 0 },
        };
        RelayAccess access = new(options, _time);
        access
            .Services.Select(each => $"{each.Type} {each.Host}:{each.Port} {each.Transport} {each.IsRestricted}")
            .Take(3)
            .ShouldBe([
                "stun chat.example:3478 udp False",
                "turn chat.example:3478 udp True",
                "turn chat.example:3478 tcp True",
            ]);
        access.Services.ShouldNotContain(each => each.Port == 5349);
    }

    private DateTimeOffset Tomorrow =>
        DateTimeOffset.FromUnixTimeSeconds(_time.GetUtcNow().AddDays(1).ToUnixTimeSeconds());

    private RelayAccess Access() => new(_options, _time);

    private static RelayCredential? Right(RelayAccess access, string username, string password) =>
        access.Find(username).SingleOrDefault(each => each.Password == password);
}
