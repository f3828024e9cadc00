using System.Buffers.Text;
using System.Text;
using Shouldly;
using WebPush;
using Xunit;

namespace Protocol.Tests.WebPush;

/// <summary>A subscription is a stranger's word.</summary>
public sealed class SubscriptionTests
{
    private static readonly int _rounds = Environment.GetEnvironmentVariable("KITH_LONG") == "1" ? 1_000_000 : 20_000;
    private const string Endpoint = "https://push.example.net/send/abc:DEF_123?token=x";
    private readonly Browser _browser = new();

    private static string? Fault(string endpoint, string key, string auth)
    {
        bool read = PushSubscription.TryCreate(endpoint, key, auth, out var subscription, out string? why);
        (subscription is not null).ShouldBe(read);
        return why;
    }

    [Fact]
    public void What_a_browser_says_is_read()
    {
        PushSubscription.TryCreate(Endpoint, _browser.Key, _browser.Auth, out var read, out _).ShouldBeTrue();
        read!.Endpoint.AbsoluteUri.ShouldBe(Endpoint);
        read.Key.ToArray().ShouldBe(_browser.Point);
        read.Auth.Length.ShouldBe(16);
        // Some libraries pad.
        Fault(Endpoint, _browser.Key + "=", _browser.Auth + "==").ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("/relative")]
    [InlineData("http://push.example.net/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://user:word@push.example.net/x")]
    [InlineData("https://push.example.net/x#part")]
    [InlineData("https:///x")]
    [InlineData("https://push.example.net:99999/x")]
    [InlineData("https://push.example.net/a b")]
    [InlineData("https://push.example.net/a\r\nHost: other")]
    [InlineData("https://push.exämple.net/x")]
    public void An_endpoint_is_an_https_URL(string endpoint) =>
        Fault(endpoint, _browser.Key, _browser.Auth).ShouldBe("the endpoint is no https URL");

    [Fact]
    public void An_endpoint_has_an_end() =>
        Fault("https://push.example.net/" + new string('a', 2048), _browser.Key, _browser.Auth).ShouldNotBeNull();

    [Fact]
    public void A_key_is_a_point_on_the_curve()
    {
        byte[] off = [.. _browser.Point];
        off[64] ^= 1;
        byte[] compressed = [2, .. _browser.Point[1..33]];
        byte[] hybrid = [6, .. _browser.Point[1..]];
        foreach (
            byte[] bad in (byte[][])
                [
                    [],
                    [4],
                    off,
                    compressed,
                    hybrid,
                    [4, .. new byte[64]],
                    [.. _browser.Point, 0],
                ]
        )
            Fault(Endpoint, Base64Url.EncodeToString(bad), _browser.Auth).ShouldBe("p256dh is no point on P-256");
        Fault(Endpoint, "not base64!", _browser.Auth).ShouldBe("p256dh is no point on P-256");
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("????")]
    public void The_secret_has_16_bytes(string auth) =>
        Fault(Endpoint, _browser.Key, auth).ShouldBe("auth has not 16 bytes");

    [Fact]
    public void Whatever_is_said_is_read_or_refused()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        int read = 0;
        for (int round = 0; round < _rounds; round++)
        {
            string[] said = [Endpoint, _browser.Key, _browser.Auth];
            int which = random.Next(3);
            said[which] = Mutate(said[which], random);
            try
            {
                if (Fault(said[0], said[1], said[2]) is null)
                    read++;
            }
            catch (Exception bug) when (bug is not ShouldAssertException)
            {
                Assert.Fail($"seed {seed}, round {round}: {string.Join(" | ", said)}: {bug}");
            }
        }
        // Most changes of a path or a secret leave it what it was; none of a key does.
        read.ShouldBeInRange(_rounds / 20, _rounds * 2 / 3);
    }

    private static string Mutate(string text, Random random)
    {
        var changed = new StringBuilder(text);
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(changed.Length);
            char other = random.Next(4) == 0 ? (char)random.Next(0x3000) : (char)random.Next(0x20, 0x7f);
            switch (random.Next(3))
            {
                case 0:
                    changed.Remove(at, random.Next(1, Math.Min(4, changed.Length - at) + 1));
                    break;
                case 1:
                    changed.Insert(at, other);
                    break;
                default:
                    changed[at] = other;
                    break;
            }
            if (changed.Length == 0)
                changed.Append(other);
        }
        return changed.ToString();
    }
}
