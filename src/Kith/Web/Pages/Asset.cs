using System.Security.Cryptography;

namespace Kith.Web.Pages;

/// <summary>A file that is built into the program. Its address changes with what is in it, so browsers keep it for good.</summary>
internal sealed class Asset
{
    private readonly byte[] _bytes;
    private readonly string _type;

    /// <param name="before">Another one that its text leans on, put before it.</param>
    public Asset(string name, string type, string? before = null)
    {
        using var bytes = new MemoryStream();
        if (before is not null)
            Append(bytes, before);
        Append(bytes, name);
        (_bytes, _type) = (bytes.ToArray(), type);
        string version = Convert.ToHexStringLower(SHA256.HashData(_bytes).AsSpan(0, 6));
        Path =
            $"/assets/{System.IO.Path.GetFileNameWithoutExtension(name)}-{version}{System.IO.Path.GetExtension(name)}";
    }

    private static void Append(MemoryStream bytes, string name)
    {
        using Stream stream =
            typeof(Asset).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not built in");
        stream.CopyTo(bytes);
    }

    public string Path { get; }

    public async Task SendAsync(HttpContext http)
    {
        http.Response.ContentType = _type;
        http.Response.ContentLength = _bytes.Length;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.Body.WriteAsync(_bytes, http.RequestAborted);
    }
}
