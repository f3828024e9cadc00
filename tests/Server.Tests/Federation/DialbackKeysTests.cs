using Shouldly;
using Xmpp.Server.Federation;
using Xunit;

namespace Server.Tests.Federation;

/// <summary>The examples of XEP-0185 §3 and XEP-0220 §2.1.1.</summary>
public sealed class DialbackKeysTests
{
    [Theory]
    [InlineData(
        "s3cr3tf0rd14lb4ck",
        "xmpp.example.com",
        "example.org",
        "D60000229F",
        "37c69b1cf07a3f67c04a5ef5902fa5114f2c76fe4a2686482ba5b89323075643"
    )]
    [InlineData(
        "s3cr3tf0rd14lb4ck",
        "montague.example",
        "capulet.example",
        "D60000229F",
        "b4835385f37fe2895af6c196b59097b16862406db80559900d96bf6fa7d23df3"
    )]
    public void A_key_is_made_of_separated_fields(string secret, string to, string from, string id, string key)
    {
        var keys = new DialbackKeys(System.Text.Encoding.UTF8.GetBytes(secret));
        keys.Make(to, from, id).ShouldBe(key);
        keys.IsRight(key, to, from, id).ShouldBeTrue();
        keys.IsRight(key, from, to, id).ShouldBeFalse();
        keys.IsRight(key, to, from, id + "0").ShouldBeFalse();
        keys.IsRight("", to, from, id).ShouldBeFalse();
    }

    [Fact]
    public void Another_process_makes_others() =>
        new DialbackKeys().Make("a", "b", "c").ShouldNotBe(new DialbackKeys().Make("a", "b", "c"));
}
