using System.Collections.Frozen;
using Xmpp.Server.Uploads;

namespace Kith.Web.Uploads;

/// <summary>
/// Which types a browser may show, and which it may know of. What is on neither list is bytes to be saved: the address is
/// the web client's own origin, where a script or a style of a stranger must not be one.
/// </summary>
internal static class ShownTypes
{
    // Pictures, sound and film that browsers play and that hold no program; SVG and PDF do.
    private static readonly FrozenSet<string> _inline = FrozenSet.Create(
        StringComparer.Ordinal,
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/avif",
        "image/bmp",
        "audio/aac",
        "audio/flac",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "audio/opus",
        "audio/wav",
        "audio/webm",
        "audio/x-m4a",
        "audio/x-wav",
        "video/mp4",
        "video/ogg",
        "video/quicktime",
        "video/webm",
        "text/plain"
    );

    // Saved, with the type by which other programs open them.
    private static readonly FrozenSet<string> _named = FrozenSet.Create(
        StringComparer.Ordinal,
        "application/pdf",
        "application/zip",
        "application/gzip",
        "application/x-7z-compressed",
        "application/x-tar",
        "application/epub+zip",
        "application/msword",
        "application/rtf",
        "application/vnd.android.package-archive",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "audio/3gpp",
        "audio/amr",
        "image/heic",
        "image/heif",
        "image/jxl",
        "image/tiff",
        "text/calendar",
        "text/csv",
        "text/vcard",
        "video/3gpp",
        "video/x-matroska"
    );

    public static bool IsInline(string mediaType) => _inline.Contains(mediaType);

    /// <summary>The header for a file of this type.</summary>
    public static string ContentType(string mediaType) =>
        mediaType == "text/plain" ? "text/plain; charset=utf-8"
        : IsInline(mediaType) || _named.Contains(mediaType) ? mediaType
        : MediaType.Unknown;
}
