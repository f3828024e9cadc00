using System.Buffers;
using System.Text.Json;
using Kith.Options;
using Kith.Web.Pages;

namespace Kith.Web.Client;

/// <summary>
/// <c>/manifest.webmanifest</c>: what a device needs to keep the client among its apps, under the home's own name and in the
/// visitor's language. What other apps share goes by POST to <c>/share</c>, which the service worker takes.
/// </summary>
internal sealed class Manifest(KithOptions options)
{
    /// <summary>As in <c>src/web/ui/tokens.css</c>.</summary>
    public const string Background = "#f6f3ee";

    /// <inheritdoc cref="Background" />
    public const string Accent = "#26725b";
    private readonly string _home = string.IsNullOrWhiteSpace(options.Home.Name) ? "Kith" : options.Home.Name;

    public async Task SendAsync(HttpContext http)
    {
        byte[] manifest = Write(PageTexts.For(http.Request, options.Home.Language));
        http.Response.ContentType = "application/manifest+json";
        http.Response.ContentLength = manifest.Length;
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.Vary = "Accept-Language";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.Body.WriteAsync(manifest, http.RequestAborted);
    }

    private byte[] Write(PageTexts texts)
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("id", "/");
        json.WriteString("start_url", "/");
        json.WriteString("scope", "/");
        json.WriteString("display", "standalone");
        json.WriteString("lang", texts.Language);
        json.WriteString("name", _home);
        json.WriteString("short_name", _home);
        json.WriteString("description", texts.AppIs);
        json.WriteString("background_color", Background);
        json.WriteString("theme_color", Accent);
        WriteIcons(json);
        WriteShortcuts(json, texts);
        WriteShareTarget(json);
        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static void WriteIcons(Utf8JsonWriter json)
    {
        json.WriteStartArray("icons");
        WriteIcon(json, "icon.svg", "image/svg+xml", "any", "any");
        WriteIcon(json, "192.png", "image/png", "192x192", "any");
        WriteIcon(json, "512.png", "image/png", "512x512", "any");
        WriteIcon(json, "maskable.png", "image/png", "512x512", "maskable");
        json.WriteEndArray();
    }

    private static void WriteIcon(Utf8JsonWriter json, string file, string type, string sizes, string purpose)
    {
        json.WriteStartObject();
        json.WriteString("src", "/icons/" + file);
        json.WriteString("type", type);
        json.WriteString("sizes", sizes);
        json.WriteString("purpose", purpose);
        json.WriteEndObject();
    }

    private static void WriteShortcuts(Utf8JsonWriter json, PageTexts texts)
    {
        json.WriteStartArray("shortcuts");
        foreach (
            (string name, string address) in ((string, string)[])
                [(texts.NewChat, "/#/new"), (texts.NewGroup, "/#/group/new")]
        )
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("url", address);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteShareTarget(Utf8JsonWriter json)
    {
        json.WriteStartObject("share_target");
        json.WriteString("action", "/share");
        json.WriteString("method", "POST");
        json.WriteString("enctype", "multipart/form-data");
        json.WriteStartObject("params");
        json.WriteString("title", "title");
        json.WriteString("text", "text");
        json.WriteString("url", "url");
        json.WriteStartArray("files");
        json.WriteStartObject();
        json.WriteString("name", "files");
        json.WriteStartArray("accept");
        json.WriteStringValue("*/*");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
