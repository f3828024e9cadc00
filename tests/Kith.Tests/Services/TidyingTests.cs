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
        int times = 0;
        using var tidying = new Tidying(home.Server, () => times++);
        await tidying.StartAsync(CancellationToken.None);
        await Visit(home, garbage: 16 << 20);
        time.Advance(TimeSpan.FromSeconds(1));
        await Visit(home, garbage: 0);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, times);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, times);
        await Visit(home, garbage: 0);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, times);
    }

    private static async Task Visit(Appliance home, int garbage)
    {
        await using var transport = new TcpTransport(Stream.Null, IPAddress.Loopback, new XmlLimits(), null);
        await home.Server.ServeAsync(transport);
        GC.KeepAlive(GC.AllocateUninitializedArray<byte>(garbage));
    }
}
