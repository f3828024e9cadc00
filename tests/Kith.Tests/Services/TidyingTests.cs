using System.Net;
using Kith.Options;
using Kith.Services;
using Microsoft.Extensions.Logging.Abstractions;
using Xmpp.Server.Streams;
using Xmpp.Xml;
using Xunit;

namespace Kith.Tests.Services;

public sealed class TidyingTests
{
    [Fact]
    public async Task What_signing_in_left_behind_is_given_back_once_it_is_quiet()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        using var folder = new TemporaryFolder();
        await using Appliance home = Appliance.TryOpen(
            folder.Path,
            new KithOptions { Domain = "kith.test" },
            time,
            NullLoggerFactory.Instance
        )!;
        using var tidying = new Tidying(home.Server);
        await tidying.StartAsync(CancellationToken.None);
        WeakReference left = await Visit(home);
        Assert.True(left.IsAlive);
        time.Advance(TimeSpan.FromSeconds(1));
        await Visit(home);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(left.IsAlive, "somebody came a second ago");
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(left.IsAlive, "nobody came for two seconds");
    }

    // Somebody comes, leaves 16 MiB of garbage that is old already, and goes.
    private static async Task<WeakReference> Visit(Appliance home)
    {
        await using var transport = new TcpTransport(Stream.Null, IPAddress.Loopback, new XmlLimits(), null);
        await home.Server.ServeAsync(transport);
        return new WeakReference(GC.AllocateUninitializedArray<byte>(16 << 20));
    }
}
