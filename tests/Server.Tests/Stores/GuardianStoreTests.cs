using Shouldly;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

/// <summary>The contract of what guardians decide: requests, wards, quiet hours.</summary>
public sealed class GuardianStoreTests : IDisposable
{
    private const string Bob = "bob@away.example";
    private readonly Home _home = new();

    public void Dispose() => _home.Dispose();

    private ApprovalRequest Request(long account, string jid = Bob) =>
        new()
        {
            Account = account,
            Jid = jid,
            Kind = ApprovalKind.Subscription,
            Time = _home.Clock.GetUtcNow(),
        };

    [Fact]
    public async Task A_request_is_found_as_it_was_written_until_it_is_removed()
    {
        long ben = await _home.AddAccount("ben", Role.Limited);
        ApprovalRequest request = Request(ben);
        long id = await _home.Write(t => _home.Household.AddRequest(t, request));
        request = request with { Id = id };
        _home.Read(a => _home.Household.FindRequest(a, id)).ShouldBe(request);
        _home.Read(_home.Household.Requests).ShouldBe([request]);
        _home.Read(a => _home.Household.Requests(a, ben)).ShouldBe([request]);
        _home.Read(a => _home.Household.Requests(a, ben + 1)).ShouldBeEmpty();

        DateTimeOffset refused = _home.Clock.GetUtcNow();
        await _home.Write(t => _home.Household.RefuseRequest(t, id, refused));
        _home.Read(a => _home.Household.FindRequest(a, id)).ShouldBe(request with { Refused = refused });

        await _home.Write(t => _home.Household.RemoveRequest(t, id));
        _home.Read(a => _home.Household.FindRequest(a, id)).ShouldBeNull();
    }

    // People answer by numbers: one never means something else than before.
    [Fact]
    public async Task A_number_is_never_used_again_and_an_address_stands_there_once()
    {
        long ben = await _home.AddAccount("ben", Role.Limited);
        long first = await _home.Write(t => _home.Household.AddRequest(t, Request(ben)));
        long second = await _home.Write(t => _home.Household.AddRequest(t, Request(ben)));
        second.ShouldBeGreaterThan(first);
        _home.Read(_home.Household.Requests).ShouldHaveSingleItem().Id.ShouldBe(second);
        await _home.Write(t => _home.Household.RemoveRequest(t, second));
        (await _home.Write(t => _home.Household.AddRequest(t, Request(ben)))).ShouldBeGreaterThan(second);
    }

    [Fact]
    public async Task Limited_accounts_without_a_name_are_known()
    {
        long anna = await _home.AddAccount("anna");
        long ben = await _home.AddAccount("ben", Role.Limited);
        long child = await _home.AddAccount("child", Role.Limited);
        _home.Read(_home.Household.Unnamed).ShouldBe([ben, child]);
        await _home.Write(t => _home.Household.SetGuardians(t, ben, [anna]));
        _home.Read(_home.Household.Unnamed).ShouldBe([child]);
    }

    [Fact]
    public async Task An_account_takes_its_requests_wards_and_quiet_hours_with_it()
    {
        long anna = await _home.AddAccount("anna");
        long ben = await _home.AddAccount("ben", Role.Limited);
        await _home.Write(t =>
        {
            _home.Household.SetGuardians(t, ben, [anna]);
            _home.Household.AddRequest(t, Request(ben));
            _home.Household.SetQuietSpans(t, ben, [new(DayOfWeek.Monday, new(21, 0), new(7, 30))]);
        });
        _home.Read(a => _home.Household.Wards(a, anna)).ShouldBe([ben]);
        _home.Read(a => _home.Household.Wards(a, ben)).ShouldBeEmpty();
        await _home.Write(t => _home.Accounts.Remove(t, ben));
        _home.Read(a => _home.Household.Wards(a, anna)).ShouldBeEmpty();
        _home.Read(_home.Household.Requests).ShouldBeEmpty();
        _home.Read(_home.Household.QuietSpans).ShouldBeEmpty();
    }

    [Fact]
    public async Task Quiet_hours_are_replaced_as_a_whole()
    {
        long ben = await _home.AddAccount("ben", Role.Limited);
        QuietSpan night = new(DayOfWeek.Sunday, new(21, 0), new(7, 30));
        QuietSpan noon = new(DayOfWeek.Saturday, new(12, 0), new(12, 1));
        await _home.Write(t => _home.Household.SetQuietSpans(t, ben, [noon, night, noon]));
        _home.Read(_home.Household.QuietSpans).ShouldBe([(ben, night), (ben, noon)]);
        await _home.Write(t => _home.Household.SetQuietSpans(t, ben, []));
        _home.Read(_home.Household.QuietSpans).ShouldBeEmpty();
    }
}
