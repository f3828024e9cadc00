using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Kith.Web.Pages;

/// <summary>
/// Markup, written as interpolated strings. What is put in is encoded, in text and in quoted attributes alike, unless it
/// is markup itself: a name cannot become a tag by being forgotten.
/// </summary>
[InterpolatedStringHandler]
internal sealed class Html
{
    private static readonly HtmlEncoder _encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _text;

    public Html(int literalLength, int formattedCount) =>
        _text = new StringBuilder(literalLength + (formattedCount * 16));

    public static Html None { get; } = new(0, 0);

    public void AppendLiteral(string literal) => _text.Append(literal);

    public void AppendFormatted(string? value) => _text.Append(_encoder.Encode(value ?? ""));

    public void AppendFormatted(int value) => _text.Append(value.ToString(CultureInfo.InvariantCulture));

    public void AppendFormatted(Html? markup) => _text.Append(markup?._text);

    public void AppendFormatted(IEnumerable<Html> all)
    {
        foreach (Html markup in all)
            AppendFormatted(markup);
    }

    public override string ToString() => _text.ToString();
}
