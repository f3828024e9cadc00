using Shouldly;
using Xmpp.Sasl;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

/// <summary>Numbers that stand on disks: a new one may be added, an old one never changes its meaning.</summary>
public sealed class FrozenValuesTests
{
    [Fact]
    public void Roles() => Values<Role>().ShouldBe(["Member=0", "Admin=1", "Limited=2", "Guest=3"]);

    [Fact]
    public void Entry_flags() => Values<EntryFlags>().ShouldBe(["None=0", "Incoming=1", "KeptOffline=2", "Hidden=4"]);

    [Fact]
    public void Subscriptions() => Values<Subscription>().ShouldBe(["None=0", "To=1", "From=2", "Both=3"]);

    [Fact]
    public void Scram_hashes() => Values<ScramHash>().ShouldBe(["Sha1=1", "Sha256=2"]);

    [Fact]
    public void Upload_purposes() =>
        Values<UploadPurpose>().ShouldBe(["Message=0", "Profile=1", "Permanent=2", "Ephemeral=3"]);

    private static IEnumerable<string> Values<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(value => $"{value}={value:D}");
}
