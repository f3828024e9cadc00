using System.Buffers;
using System.Text.Json;
using Xmpp.Xml;

namespace Kith.Web;

/// <summary>Where the streams for browsers are (XEP-0156 §3): the same links as XRD and as JSON (RFC 6415).</summary>
internal sealed class HostMeta
{
    private const string Xrd = "http://docs.oasis-open.org/ns/xri/xrd-1.0";
    private readonly byte[] _xml;
    private readonly byte[] _json;

    /// <param name="publicUrl">Base of every absolute URL; never what a request says.</param>
    public HostMeta(string publicUrl, string webSocketPath, string boshPath)
    {
        (string Relation, string Address)[] links =
        [
            ("urn:xmpp:alt-connections:websocket", WebSocketUrl(publicUrl) + webSocketPath),
            ("urn:xmpp:alt-connections:xbosh", publicUrl + boshPath),
        ];
        (_xml, _json) = (Xml(links), Json(links));
    }

    private static string WebSocketUrl(string url) => "ws" + url["http".Length..];

    private static byte[] Xml((string Relation, string Address)[] links)
    {
        XmlBuilder document = new XmlBuilder(around: "").Start("XRD", Xrd);
        foreach (var (relation, address) in links)
            document.Start("Link").Attribute("rel", relation).Attribute("href", address).End();
        return [.. "<?xml version='1.0' encoding='utf-8'?>\n"u8, .. document.ToArray()];
    }

    private static byte[] Json((string Relation, string Address)[] links)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteStartArray("links");
        foreach (var (relation, address) in links)
        {
            writer.WriteStartObject();
            writer.WriteString("rel", relation);
            writer.WriteString("href", address);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    public Task WriteXmlAsync(HttpContext context) => WriteAsync(context.Response, "application/xrd+xml", _xml);

    public Task WriteJsonAsync(HttpContext context) => WriteAsync(context.Response, "application/json", _json);

    private static Task WriteAsync(HttpResponse response, string type, byte[] document)
    {
        response.ContentType = type;
        response.ContentLength = document.Length;
        response.Headers.CacheControl = "public, max-age=3600";
        return response.Body.WriteAsync(document).AsTask();
    }
}
