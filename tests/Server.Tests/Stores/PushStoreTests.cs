using System.Text;
using Shouldly;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

public sealed class PushStoreTests : IDisposable
{
    private readonly Home _home = new();

    public void Dispose() => _home.Dispose();

    private Task<long> AddDevice(long account, string key) =>
        _home.Write(t =>
            _home.Accounts.SaveDevice(
                t,
                new DeviceRecord
                {
                    Account = account,
                    Key = key,
                    Created = _home.Clock.GetUtcNow(),
                    LastSeen = _home.Clock.GetUtcNow(),
                }
            )
        );

    private Task<long> Add(long account, long device, string service, string node = "", string options = "") =>
        _home.Write(t =>
            _home.Push.Add(
                t,
                new PushRegistration(0, account, device, Home.Jid(service), node, Encoding.UTF8.GetBytes(options))
            )
        );

    private IEnumerable<(long Id, long Device, string Service, string Node, string Options)> Of(long account) =>
        _home
            .Read(a => _home.Push.Registrations(a, account))
            .Select(r => (r.Id, r.Device, r.Service.ToString(), r.Node, Encoding.UTF8.GetString(r.Options.Span)));

    [Fact]
    public async Task What_a_device_registers_is_there_after_a_restart()
    {
        long anna = await _home.AddAccount("anna");
        long ben = await _home.AddAccount("ben");
        long phone = await AddDevice(anna, "phone");
        long first = await Add(anna, phone, "push.far.example", "node ü", "<x/>");
        long second = await Add(anna, phone, "push.far.example");
        _home.Reopen();

        Of(anna)
            .ShouldBe([
                (first, phone, "push.far.example", "node ü", "<x/>"),
                (second, phone, "push.far.example", "", ""),
            ]);
        Of(ben).ShouldBeEmpty();
    }

    // XEP-0357 §5: of one service and node the last request counts.
    [Fact]
    public async Task The_same_service_and_node_is_there_once_and_has_a_new_id()
    {
        long anna = await _home.AddAccount("anna");
        long ben = await _home.AddAccount("ben");
        long phone = await AddDevice(anna, "phone");
        long tablet = await AddDevice(anna, "tablet");
        long bens = await AddDevice(ben, "phone");
        long old = await Add(anna, phone, "push.far.example", "n", "<a/>");
        long his = await Add(ben, bens, "push.far.example", "n");
        long now = await Add(anna, tablet, "push.far.example", "n", "<b/>");

        now.ShouldBeGreaterThan(old);
        Of(anna).ShouldBe([(now, tablet, "push.far.example", "n", "<b/>")]);
        Of(ben).ShouldBe([(his, bens, "push.far.example", "n", "")]);

        // What is removed by the old id is nothing any more, and no id comes back.
        await _home.Write(t => _home.Push.Remove(t, old));
        Of(anna).ShouldHaveSingleItem();
        await _home.Write(t => _home.Push.Remove(t, now));
        Of(anna).ShouldBeEmpty();
        (await Add(anna, tablet, "push.far.example", "n")).ShouldBeGreaterThan(now);
    }

    [Fact]
    public async Task A_subscription_takes_the_place_of_the_device_s_earlier_one()
    {
        long anna = await _home.AddAccount("anna");
        long phone = await AddDevice(anna, "phone");
        _home.Read(a => _home.Push.Subscription(a, phone)).ShouldBeNull();
        await _home.Write(t => _home.Push.SetSubscription(t, new WebSubscription(phone, "n", "https://a", "k", "s")));
        var now = new WebSubscription(phone, "n", "https://b", "k2", "s2");
        await _home.Write(t => _home.Push.SetSubscription(t, now));
        _home.Reopen();
        _home.Read(a => _home.Push.Subscription(a, phone)).ShouldBe(now);
        await _home.Write(t => _home.Push.RemoveSubscription(t, phone));
        _home.Read(a => _home.Push.Subscription(a, phone)).ShouldBeNull();
    }

    // Laws, "A device": all of it goes with the device.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_hangs_on_a_device_goes_with_it(bool withTheRow)
    {
        long anna = await _home.AddAccount("anna");
        long phone = await AddDevice(anna, "phone");
        long tablet = await AddDevice(anna, "tablet");
        foreach (long device in (long[])[phone, tablet])
        {
            await Add(anna, device, "push.far.example", $"n{device}");
            await _home.Write(t =>
                _home.Push.SetSubscription(t, new WebSubscription(device, "n", "https://a", "k", "s"))
            );
        }
        await _home.Write(t =>
        {
            if (withTheRow)
                _home.Accounts.RemoveDevice(t, phone);
            else
                _home.Push.RemoveDevice(t, phone);
        });
        Of(anna).ShouldHaveSingleItem().Device.ShouldBe(tablet);
        _home.Read(a => _home.Push.Subscription(a, phone)).ShouldBeNull();
        _home.Read(a => _home.Push.Subscription(a, tablet)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_of_an_account_s_can_go_but_for_one_device_s(bool but)
    {
        long anna = await _home.AddAccount("anna");
        long ben = await _home.AddAccount("ben");
        long phone = await AddDevice(anna, "phone");
        long tablet = await AddDevice(anna, "tablet");
        long bens = await AddDevice(ben, "phone");
        foreach (var (account, device) in (ValueTuple<long, long>[])[(anna, phone), (anna, tablet), (ben, bens)])
        {
            await Add(account, device, "push.far.example", $"n{device}");
            await _home.Write(t =>
                _home.Push.SetSubscription(t, new WebSubscription(device, "n", "https://a", "k", "s"))
            );
        }

        await _home.Write(t => _home.Push.RemoveAll(t, anna, but ? tablet : null));

        Of(anna).Select(r => r.Device).ShouldBe(but ? [tablet] : []);
        Of(ben).ShouldHaveSingleItem();
        _home.Read(a => _home.Push.Subscription(a, phone)).ShouldBeNull();
        (_home.Read(a => _home.Push.Subscription(a, tablet)) is not null).ShouldBe(but);
        _home.Read(a => _home.Push.Subscription(a, bens)).ShouldNotBeNull();
    }
}
