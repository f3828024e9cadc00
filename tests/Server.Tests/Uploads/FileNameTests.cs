using System.Text;
using Shouldly;
using Xmpp.Server.Uploads;
using Xunit;

namespace Server.Tests.Uploads;

/// <summary>Names and types as strangers say them (security.md, "Web").</summary>
public sealed class FileNameTests
{
    [Theory]
    [InlineData("très cool.jpg", "très cool.jpg")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\Users\\ada\\tree.png", "tree.png")]
    [InlineData("..", "file")]
    [InlineData("...", "file")]
    [InlineData("dir/..", "file")]
    [InlineData("dir/", "file")]
    [InlineData(".bashrc", "bashrc")]
    [InlineData("  spaced . ", "spaced")]
    [InlineData("a\0b\r\nc\td\u007f.txt", "abcd.txt")]
    [InlineData("\u202Egpj.exe", "gpj.exe")]
    [InlineData("a\u2066b\u2069\u200Fc\uFEFF.jpg", "abc.jpg")]
    [InlineData("a\u2028b\u2029.jpg", "ab.jpg")]
    [InlineData("half\uD83D.jpg", "half.jpg")]
    [InlineData("\U0001F468\u200D\U0001F469\u200D\U0001F467.jpg", "\U0001F468\u200D\U0001F469\u200D\U0001F467.jpg")]
    [InlineData(
        "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645.pdf",
        "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645.pdf"
    )]
    [InlineData("100%2F.jpg", "100%2F.jpg")]
    [InlineData("\"quoted\"; x=<y>?#.jpg", "\"quoted\"; x=<y>?#.jpg")]
    public void A_name_is_kept_as_far_as_it_is_safe(string said, string kept) => FileName.Sanitise(said).ShouldBe(kept);

    [Theory]
    [InlineData("a", ".jpeg")]
    [InlineData("ä", ".jpeg")]
    [InlineData("\U0001F333", ".tar.gz")]
    public void A_long_name_keeps_its_ending(string letter, string ending)
    {
        string name = FileName.Sanitise(string.Concat(Enumerable.Repeat(letter, 500)) + ending);
        Encoding.UTF8.GetByteCount(name).ShouldBeInRange(FileName.LongestBytes - 3, FileName.LongestBytes);
        name.ShouldStartWith(letter);
        name.ShouldEndWith(ending == ".tar.gz" ? ".gz" : ending);
        name.ShouldNotContain("\uFFFD");
    }

    [Fact]
    public void A_long_name_of_dots_and_nothing_is_shortened_too() =>
        Encoding.UTF8.GetByteCount(FileName.Sanitise("x." + new string('y', 5000))).ShouldBe(FileName.LongestBytes);

    // RFC 3986 §2.3.
    [Fact]
    public void In_an_address_only_unreserved_characters_stay() =>
        FileName.Escape("très cool'(1)%2F?#.jpg").ShouldBe("tr%C3%A8s%20cool%27%281%29%252F%3F%23.jpg");

    [Theory]
    [InlineData("image/jpeg", "image/jpeg")]
    [InlineData(" Image/JPEG ; charset=x", "image/jpeg")]
    [InlineData("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text")]
    [InlineData("image", null)]
    [InlineData("/jpeg", null)]
    [InlineData("image/", null)]
    [InlineData("image/jp\r\nSet-Cookie: x", null)]
    [InlineData("image/jpeg, text/html", null)]
    [InlineData("text/html/x", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_type_is_two_tokens_or_none(string? said, string? read) => MediaType.Read(said).ShouldBe(read);

    [Fact]
    public void A_type_has_an_end() => MediaType.Read("image/" + new string('x', 200)).ShouldBeNull();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../../../../../../etc/pa")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAA.")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAA\0")]
    public void What_is_no_id_is_known_before_it_meets_a_path(string? text) => UploadId.IsOne(text).ShouldBeFalse();

    [Fact]
    public void Ids_are_ids_and_all_different()
    {
        string[] ids = [.. Enumerable.Range(0, 1000).Select(_ => UploadId.Create())];
        ids.ShouldAllBe(id => UploadId.IsOne(id));
        ids.ShouldBeUnique();
    }
}
