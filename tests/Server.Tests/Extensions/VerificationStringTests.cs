using Shouldly;
using Xmpp.Server.Extensions;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Extensions;

/// <summary>XEP-0115 §5, with its vectors.</summary>
public sealed class VerificationStringTests
{
    private static DiscoInfo? Read(string inside) =>
        DiscoInfo.Read(
            XmlFragment.Parse($"<query xmlns='http://jabber.org/protocol/disco#info'>{inside}</query>").Root
        );

    private const string Features =
        "<feature var='http://jabber.org/protocol/muc'/><feature var='http://jabber.org/protocol/caps'/>"
        + "<feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/>";

    private const string Psi =
        "<identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>"
        + "<identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/>"
        + Features;

    private const string Form =
        "<x xmlns='jabber:x:data' type='result'>"
        + "<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field>"
        + "<field var='ip_version' type='text-multi'><value>ipv6</value><value>ipv4</value></field>"
        + "<field var='software_version'><value>0.11</value></field><field var='os'><value>Mac</value></field>"
        + "<field var='os_version'><value>10.5.1</value></field><field var='software'><value>Psi</value></field></x>";

    // §5.2.
    [Fact]
    public void The_simple_example()
    {
        DiscoInfo info = Read("<identity category='client' type='pc' name='Exodus 0.9.1'/>" + Features)!;
        VerificationString.Of(info).ShouldBe("QgayPKawpkPSDYmwT/WM94uAlu0=");
    }

    // §5.3.
    [Fact]
    public void The_complex_example() =>
        VerificationString.Of(Read(Psi + Form)!).ShouldBe("q07IKJEyjvHSyhy//CH0CxmKi8w=");

    // §5.4, 3.4 to 3.6.
    [Theory]
    [InlineData("<feature var='http://jabber.org/protocol/muc'/>")]
    [InlineData("<identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>")]
    [InlineData(Form + Form)]
    [InlineData(
        "<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>a</value><value>b</value></field></x>"
    )]
    public void What_is_said_twice_is_ill_formed(string extra) => Read(Psi + extra).ShouldBeNull();

    // §5.4, 3.7.
    [Theory]
    [InlineData("<x xmlns='jabber:x:data'><field var='FORM_TYPE'><value>a</value></field></x>")]
    [InlineData("<x xmlns='jabber:x:data'><field var='other' type='hidden'><value>a</value></field></x>")]
    [InlineData("<x xmlns='jabber:x:data'/>")]
    public void A_form_without_a_hidden_type_is_left_out(string extra) =>
        VerificationString.Of(Read(Psi + Form + extra)!).ShouldBe("q07IKJEyjvHSyhy//CH0CxmKi8w=");

    // §5.1: i;octet, where U+FF21 stands before U+10300 although UTF-16 has it behind.
    [Fact]
    public void Sorting_goes_by_octets()
    {
        var one = new DiscoInfo([], ["\uFF21", "\U00010300"], []);
        var other = new DiscoInfo([], ["\U00010300", "\uFF21"], []);
        VerificationString.Of(one).ShouldBe(VerificationString.Of(other));
        VerificationString.Of(one).ShouldBe(Hash("\uFF21<\U00010300<"));
    }

    private static string Hash(string text) =>
#pragma warning disable CA5350 // The specification's hash.
        Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
}
