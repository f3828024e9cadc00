using System.IO.Compression;
using System.Security.Cryptography;

namespace Kith.Web.Client;

/// <summary>
/// A file of the web client as the program carries it: text compressed by Brotli, the rest as it is. Nothing of it is kept
/// in memory; who reads no Brotli (no browser over TLS) has it unpacked on the way.
/// </summary>
internal sealed class SiteFile
{
    private const string Packed = ".br";
    private readonly Func<Stream> _open;

    /// <param name="name">Path inside the site, with <c>.br</c> behind it where the content is compressed.</param>
    /// <param name="open">Opens the content, each time anew.</param>
    public SiteFile(string name, Func<Stream> open)
    {
        _open = open;
        IsPacked = name.EndsWith(Packed, StringComparison.Ordinal);
        Name = IsPacked ? name[..^Packed.Length] : name;
        Type = TypeOf(System.IO.Path.GetExtension(Name));
        using Stream content = open();
        Length = content.Length;
        // One for both forms, hence a weak one (RFC 9110 §8.8.1).
        Tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\"";
    }

    public string Name { get; }

    /// <summary>The address: the page itself is the root.</summary>
    public string Path => Name == "index.html" ? "/" : "/" + Name;

    public bool IsPacked { get; }
    public string Type { get; }

    /// <summary>Bytes as carried.</summary>
    public long Length { get; }

    /// <summary>Its <c>ETag</c>.</summary>
    public string Tag { get; }

    /// <summary>The name has a hash of the content in it.</summary>
    public bool IsImmutable => Name.StartsWith("assets/", StringComparison.Ordinal);

    /// <summary>The content as carried, or unpacked.</summary>
    public Stream Open(bool unpacked) =>
        unpacked && IsPacked ? new BrotliStream(_open(), CompressionMode.Decompress) : _open();

    private static string TypeOf(string extension) =>
        extension switch
        {
            ".html" => "text/html; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".json" => "application/json",
            ".svg" => "image/svg+xml",
            ".png" => "image/png",
            ".webp" => "image/webp",
            ".woff2" => "font/woff2",
            ".wasm" => "application/wasm",
            ".txt" => "text/plain; charset=utf-8",
            _ => throw new InvalidOperationException(
                $"the web client has a file of a kind that nobody expected: {extension}"
            ),
        };
}
