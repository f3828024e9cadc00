using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>A picture as it is published (XEP-0084 §4) and as it stands in a card (XEP-0153 §2).</summary>
/// <param name="Hash">SHA-1 in lower-case hex, which is its id.</param>
/// <param name="Data">Base64 without white space.</param>
internal sealed record Avatar(string Hash, string Type, byte[] Data)
{
    public const string MetadataNode = "urn:xmpp:avatar:metadata";
    public const string DataNode = "urn:xmpp:avatar:data";

    /// <summary>The id and type that metadata name for the picture on the data node (XEP-0398 §4.1); null for none.</summary>
    public static (string Id, string Type)? Named(byte[] metadata)
    {
        if (metadata.Length == 0)
            return null;
        foreach (Element info in XmlFragment.Parse(metadata).Root.Children)
            if (info.Is("info", MetadataNode) && info.Attribute("url") is null && info.Attribute("id") is { } id)
                return (id, info.Attribute("type") ?? "image/png");
        return null;
    }

    /// <summary>The picture that is published; null when it is not what its id says (§4.1: SHOULD verify).</summary>
    public static Avatar? OfData(string id, string type, byte[] payload)
    {
        Element data = payload.Length > 0 ? XmlFragment.Parse(payload).Root : default;
        return data.Is("data", DataNode) && Read(data.Text, type) is { } avatar && IsSame(avatar.Hash, id)
            ? avatar
            : null;
    }

    private static bool IsSame(string hash, string id) => string.Equals(hash, id, StringComparison.OrdinalIgnoreCase);

    /// <summary>The photo of a card; null when there is none that can be read.</summary>
    public static Avatar? OfCard(Element card)
    {
        Element photo = card.Child("PHOTO");
        Element picture = photo.Child("BINVAL");
        return picture.Exists ? Read(picture.Text, photo.Child("TYPE").Text) : null;
    }

    private static Avatar? Read(string base64, string type)
    {
        byte[] text = Encoding.UTF8.GetBytes(base64);
        byte[] picture = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        // White space between lines is passed over, as clients write it.
        var status = Base64.DecodeFromUtf8(text, picture, out _, out int length);
        if (status != OperationStatus.Done || length == 0)
            return null;
        ReadOnlySpan<byte> bytes = picture.AsSpan(0, length);
#pragma warning disable CA5350 // The specifications name pictures so; it protects nothing secret.
        string hash = Convert.ToHexStringLower(SHA1.HashData(bytes));
#pragma warning restore CA5350
        string known = type.StartsWith("image/", StringComparison.Ordinal) && type.Length <= 64 ? type : Guess(bytes);
        return new Avatar(hash, known, Encode(bytes));
    }

    private static byte[] Encode(ReadOnlySpan<byte> picture)
    {
        byte[] text = new byte[Base64.GetMaxEncodedToUtf8Length(picture.Length)];
        Base64.EncodeToUtf8(picture, text, out _, out int length);
        return text[..length];
    }

    private static string Guess(ReadOnlySpan<byte> picture) =>
        picture is [0xFF, 0xD8, 0xFF, ..] ? "image/jpeg"
        : picture.StartsWith("GIF8"u8) ? "image/gif"
        : picture.StartsWith("RIFF"u8) ? "image/webp"
        : "image/png";

    /// <summary>XEP-0084 §4.1.</summary>
    public byte[] ToData() =>
        new XmlBuilder(around: "", capacity: Data.Length + 64).Start("data", DataNode).Copy(Data).ToArray();

    /// <summary>XEP-0084 §4.2.</summary>
    public byte[] ToMetadata() =>
        new XmlBuilder(around: "")
            .Start("metadata", MetadataNode)
            .Start("info")
            .Attribute("bytes", Bytes)
            .Attribute("id", Hash)
            .Attribute("type", Type)
            .ToArray();

    private long Bytes
    {
        get
        {
            int padding =
                Data is [.., (byte)'=', (byte)'='] ? 2
                : Data is [.., (byte)'='] ? 1
                : 0;
            return (Data.Length / 4 * 3) - padding;
        }
    }

    /// <summary>XEP-0153 §2.1.</summary>
    public void WritePhoto(XmlBuilder card) =>
        card.Start("PHOTO").Element("TYPE", Type).Start("BINVAL").Copy(Data).End().End();
}
