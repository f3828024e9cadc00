using Shouldly;
using Xmpp.Addresses.Precis;
using Xunit;

namespace Protocol.Tests.Addresses;

/// <summary>The examples of RFC 8265 (§3.5, §4.3) and RFC 8266 (§3), and the steps between.</summary>
public sealed class PrecisTests
{
    [Theory]
    [InlineData("juliet@example.com", "juliet@example.com")]
    [InlineData("fussball", "fussball")]
    [InlineData("fußball", "fußball")]
    [InlineData("π", "π")]
    [InlineData("Σ", "σ")]
    [InlineData("σ", "σ")]
    [InlineData("ς", "ς")]
    [InlineData("Juliet", "juliet")]
    [InlineData("PARAL·LEL", "paral·lel")] // the code points are looked at last, as RFC 8264 §7 has it
    public void User_names_lose_their_capitals(string text, string expected)
    {
        UsernameCaseMapped.TryPrepare(text, out var prepared).ShouldBeTrue();
        prepared.ShouldBe(expected);
    }

    [Theory]
    [InlineData("Σ", "Σ")]
    [InlineData("Juliet", "Juliet")]
    [InlineData("ＪuliＥt", "JuliEt")]
    [InlineData("Zoe\u0308", "Zoë")]
    [InlineData("\u212Bngstro\u0308m", "Ångström")] // the unit's sign is the letter, once normalised
    [InlineData("\u1112\u1161\u11AB", "한")]
    public void User_names_keep_their_capitals_in_the_other_profile(string text, string expected)
    {
        UsernameCasePreserved.TryPrepare(text, out var prepared).ShouldBeTrue();
        prepared.ShouldBe(expected);
    }

    [Theory]
    [InlineData("foo bar")]
    [InlineData("")]
    [InlineData("henryⅣ")]
    [InlineData("∞")]
    [InlineData("a\tb")]
    [InlineData("\u1113\u1161")] // old jamo that make no syllable (RFC 8264 §9.9)
    [InlineData("a\u00AD")] // invisible
    public void Neither_profile_of_user_names_takes_these(string text)
    {
        UsernameCaseMapped.TryPrepare(text, out _).ShouldBeFalse();
        UsernameCasePreserved.TryPrepare(text, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("correct horse battery staple", "correct horse battery staple")]
    [InlineData("Correct Horse Battery Staple", "Correct Horse Battery Staple")]
    [InlineData("πßå", "πßå")]
    [InlineData("Jack of ♦s", "Jack of ♦s")]
    [InlineData("foo\u1680bar", "foo bar")]
    [InlineData("\u3000", " ")]
    [InlineData("pa\u030Ass", "påss")]
    [InlineData("\u212B", "Å")]
    [InlineData("ｐａｓｓ", "ｐａｓｓ")]
    [InlineData("א1ب٢a", "א1ب٢a")] // no rule on direction
    public void Passwords_stay_what_they_mean(string text, string expected)
    {
        OpaqueString.TryPrepare(text, out var prepared).ShouldBeTrue();
        prepared.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("my cat is a \u0009by")]
    [InlineData("a\u007F")]
    [InlineData("a\uFE0F")] // variation selectors are ignorable
    public void Passwords_hold_nothing_invisible(string text) => OpaqueString.TryPrepare(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("Foo", "Foo", "foo")]
    [InlineData("foo", "foo", "foo")]
    [InlineData("Foo Bar", "Foo Bar", "foo bar")]
    [InlineData("  Foo \u00A0 Bar ", "Foo Bar", "foo bar")]
    [InlineData("Σ", "Σ", "σ")]
    [InlineData("σ", "σ", "σ")]
    [InlineData("ς", "ς", "ς")]
    [InlineData("♚", "♚", "♚")]
    [InlineData("Richard Ⅳ", "Richard IV", "richard iv")]
    [InlineData("ﬁona", "fiona", "fiona")]
    [InlineData("ſ\u00B4s", "s \u0301s", "s \u0301s")] // a space that comes of decomposing
    [InlineData("K\u1D2Cℌ", "KAH", "kah")] // capitals that come of decomposing
    public void Nicknames_are_shown_with_capitals_and_compared_without(string text, string shown, string key)
    {
        Nickname.TryPrepare(text, out var prepared).ShouldBeTrue();
        prepared.ShouldBe(shown);
        Nickname.TryPrepareKey(text, out var compared).ShouldBeTrue();
        compared.ShouldBe(key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u3000")]
    [InlineData("a\nb")]
    public void A_nickname_shows_something(string text)
    {
        Nickname.TryPrepare(text, out _).ShouldBeFalse();
        Nickname.TryPrepareKey(text, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("l·l", true)] // middle dot between two l
    [InlineData("l·a", false)]
    [InlineData("·l", false)]
    [InlineData("l·", false)]
    [InlineData("͵α", true)] // keraia before a Greek letter
    [InlineData("͵a", false)]
    [InlineData("α͵", false)]
    [InlineData("א׳", true)] // geresh after a Hebrew letter
    [InlineData("a׳", false)]
    [InlineData("׳א", false)]
    [InlineData("א״ב", true)] // gershayim
    [InlineData("a・b", false)] // katakana middle dot with nothing Japanese about
    [InlineData("a・ア", true)]
    [InlineData("a・の", true)]
    [InlineData("・語", true)]
    [InlineData("・", false)]
    [InlineData("ا٠١", true)] // Arabic-Indic digits of one kind
    [InlineData("ا۰۱", true)]
    [InlineData("ا٠۱", false)]
    [InlineData("क\u094D\u200Dष", true)] // joiner after a virama
    [InlineData("क\u200Dष", false)]
    [InlineData("\u200Dक", false)]
    [InlineData("क\u094D\u200Cष", true)] // non-joiner after a virama
    [InlineData("نامه\u200Cای", true)] // or between letters that join
    [InlineData("ن\u064E\u200C\u064Eا", true)] // marks do not count
    [InlineData("ا\u200Cن", false)] // alef does not join what follows
    [InlineData("a\u200Cb", false)]
    [InlineData("ن\u200C", false)]
    public void Some_code_points_need_the_right_neighbours(string text, bool allowed) =>
        UsernameCaseMapped.TryPrepare(text, out _).ShouldBe(allowed);

    [Theory]
    [InlineData("abc", true)]
    [InlineData("1abc", true)] // nothing from right to left, so no rule
    [InlineData("אבג", true)]
    [InlineData("אב1", true)]
    [InlineData("א1ב", true)]
    [InlineData("1אב", false)] // 1. starts with a digit
    [InlineData("\u05B0א", false)] // 1. starts with a mark
    [InlineData("אaב", false)] // 2. a letter of the other direction
    [InlineData("א-", false)] // 3. ends neutrally
    [InlineData("א-ב", true)]
    [InlineData("יִוואָ", true)] // 3. ends with a mark (RFC 5893 §1.2, Yiddish)
    [InlineData("ދިވެހި", true)] // the same in Dhivehi
    [InlineData("ا1٢", false)] // 4. both kinds of digits
    [InlineData("ا٢٣", true)]
    [InlineData("aא", false)] // 5. starts from left to right
    [InlineData("a٢", false)]
    public void Names_are_read_in_one_direction(string text, bool allowed) =>
        UsernameCaseMapped.TryPrepare(text, out _).ShouldBe(allowed);
}
