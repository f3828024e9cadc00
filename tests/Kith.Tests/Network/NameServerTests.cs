using System.Net;
using Dns;
using Shouldly;
using Xunit;

namespace Kith.Tests.Network;

/// <summary>The resolver against BIND, which has the zone, and unbound, which validates it.</summary>
public sealed class NameServerTests : IAsyncLifetime
{
    private NameServers _servers = null!;
    private Resolver _named = null!;
    private Resolver _unbound = null!;

    public async ValueTask InitializeAsync()
    {
        _servers = await NameServers.StartAsync();
        _named = new Resolver(new ResolverOptions { Servers = [_servers.Named] });
        _unbound = new Resolver(new ResolverOptions { Servers = [_servers.Unbound] });
    }

    public async ValueTask DisposeAsync()
    {
        _named?.Dispose();
        _unbound?.Dispose();
        if (_servers is not null)
            await _servers.DisposeAsync();
    }

    [Fact]
    public async Task Every_kind_of_record_is_understood_and_what_is_signed_is_known_to_be()
    {
        foreach (Resolver resolver in new[] { _named, _unbound })
        {
            bool validated = resolver == _unbound;
            Answer service = await resolver.QueryAsync("_xmpp-server._tcp.home.test", RecordType.SRV);
            service.Status.ShouldBe(AnswerStatus.Found, service.Why);
            ServiceOrder
                .Of(service.Data<ServiceData>(), new Random(1))
                .Select(host => $"{host.Target}:{host.Port}")
                .ShouldBe(["box.home.test:5269", "spare.home.test:5270"]);
            service.Authenticated.ShouldBe(validated);

            Answer none = await resolver.QueryAsync("_xmpp-client._tcp.home.test", RecordType.SRV);
            ServiceOrder.Of(none.Data<ServiceData>(), new Random(1)).ShouldBeEmpty();

            Answer tlsa = await resolver.QueryAsync("_5269._tcp.box.home.test", RecordType.TLSA);
            TlsaData pin = tlsa.Data<TlsaData>().ShouldHaveSingleItem();
            (pin.Usage, pin.Selector, pin.MatchingType, pin.Association.Length).ShouldBe(
                ((byte)3, (byte)1, (byte)1, 32)
            );
            tlsa.Authenticated.ShouldBe(validated);

            Answer alias = await resolver.QueryAsync("www.home.test", RecordType.A);
            alias.Data<AddressData>().ShouldHaveSingleItem().Address.ShouldBe(IPAddress.Parse("192.0.2.7"));
            alias.Name.ShouldBe(DomainName.Parse("box.home.test"));

            Answer six = await resolver.QueryAsync("home.test", RecordType.AAAA);
            six.Data<AddressData>().ShouldHaveSingleItem().Address.ShouldBe(IPAddress.Parse("2001:db8::1"));
            Answer mail = await resolver.QueryAsync("home.test", RecordType.MX);
            mail.Data<MailData>().ShouldHaveSingleItem().Exchange.ShouldBe(DomainName.Parse("mail.elsewhere.test"));
            Answer odd = await resolver.QueryAsync("odd.home.test", (RecordType)65400);
            odd.Data<OpaqueData>().ShouldHaveSingleItem().Bytes.ToArray().ShouldBe([1, 2, 3]);
        }
    }

    [Fact]
    public async Task What_does_not_fit_in_a_datagram_comes_over_TCP()
    {
        foreach (Resolver resolver in new[] { _named, _unbound })
        {
            Answer answer = await resolver.QueryAsync("long.home.test", RecordType.TXT);
            answer.Status.ShouldBe(AnswerStatus.Found, answer.Why);
            answer.Data<TextData>().ShouldHaveSingleItem().Text.ShouldBe(new string('k', 4000));
        }
    }

    [Fact]
    public async Task No_is_told_apart_from_nothing_of_that_kind_and_proved()
    {
        foreach (Resolver resolver in new[] { _named, _unbound })
        {
            Answer missing = await resolver.QueryAsync("nobody.home.test", RecordType.A);
            missing.Status.ShouldBe(AnswerStatus.NoSuchName, missing.Why);
            missing.TimeToLive.ShouldBe(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(5));
            missing.Authenticated.ShouldBe(resolver == _unbound);
            Answer empty = await resolver.QueryAsync("box.home.test", RecordType.AAAA);
            empty.Status.ShouldBe(AnswerStatus.NoData, empty.Why);
        }
    }

    [Fact]
    public async Task What_is_signed_with_another_key_is_no_answer()
    {
        Answer bogus = await _unbound.QueryAsync("box.bogus.test", RecordType.A);
        bogus.Status.ShouldBe(AnswerStatus.Failed);
        bogus.Why.ShouldNotBeNull().ShouldContain("SERVFAIL");
        (await _named.QueryAsync("box.bogus.test", RecordType.A)).Authenticated.ShouldBeFalse();
    }

    // named does not ask elsewhere: the name where the alias leads is asked for, and refused.
    [Fact]
    public async Task An_alias_into_another_zone_is_asked_for_there()
    {
        Answer away = await _named.QueryAsync("away.home.test", RecordType.A);
        away.Status.ShouldBe(AnswerStatus.Failed);
        away.Why.ShouldNotBeNull().ShouldContain("REFUSED");
    }
}
