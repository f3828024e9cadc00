using System.Net;
using Dns;
using Kith.Network;
using Kith.Options;
using Kith.Services;
using Shouldly;
using Xunit;

namespace Kith.Tests.Services;

/// <summary>Behind which address the relay is: by the settings, or by the name that clients are told.</summary>
public sealed class PublicAddressTests : IDisposable
{
    private static readonly KithOptions _options = new() { Domain = "home.example" };

    private readonly TemporaryFolder _folder = new();
    private readonly Resolver _resolver;
    private readonly List<IPAddress> _own = [IPAddress.Parse("192.168.1.2")];

    public PublicAddressTests() => _resolver = new Resolver(new ResolverOptions { Hosts = _folder.At("hosts") });

    [Theory]
    [InlineData("9.9.9.10", "9.9.9.10")]
    // The box has it itself: nothing is in between.
    [InlineData("192.168.1.2", "")]
    // What a name of the home's own network stands for, or Debian's own for itself, is behind no router's.
    [InlineData("192.168.1.3", "")]
    [InlineData("127.0.1.1", "")]
    public async Task It_is_what_the_name_stands_for_when_that_is_the_world_s_and_not_this_machine_s(
        string record,
        string found
    )
    {
        Write(record);
        PublicAddress address = Address(_options);
        address.Current.ShouldBeEmpty();
        await address.LookAsync(TestContext.Current.CancellationToken);
        address.Current.ShouldBe(found.Length == 0 ? [] : [IPAddress.Parse(found)]);
    }

    [Fact]
    public async Task A_machine_that_has_one_of_the_name_s_addresses_is_behind_none()
    {
        Write("9.9.9.10", "9.9.9.11");
        _own.Add(IPAddress.Parse("9.9.9.11"));
        PublicAddress address = Address(_options);
        await address.LookAsync(TestContext.Current.CancellationToken);
        address.Current.ShouldBeEmpty();
    }

    [Fact]
    public void What_the_settings_say_counts_as_it_is()
    {
        var given = IPAddress.Parse("10.1.2.3");
        Address(_options with { Relay = new RelayOptions { ExternalAddress = given } }).Current.ShouldBe([given]);
    }

    [Fact]
    public async Task An_address_for_a_name_is_taken_as_it_stands()
    {
        PublicAddress address = Address(
            _options with
            {
                Public = new PublicOptions { Url = new Uri("https://9.9.9.12:8443") },
            }
        );
        await address.LookAsync(TestContext.Current.CancellationToken);
        address.Current.ShouldBe([IPAddress.Parse("9.9.9.12")]);
    }

    private void Write(params string[] records) =>
        File.WriteAllLines(_folder.At("hosts"), records.Select(each => $"{each} home.example"));

    private PublicAddress Address(KithOptions options) =>
        new(options, new HostNames(_resolver), () => _own, TimeProvider.System);

    public void Dispose()
    {
        _resolver.Dispose();
        _folder.Dispose();
    }
}
