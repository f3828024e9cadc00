using Xmpp.Xml;

namespace Xmpp.Server.Streams.Bosh;

/// <summary>What the HTTP side sends back. Clients tell errors from each other inside <see cref="Body"/> (XEP-0124 §17).</summary>
public sealed record BoshResponse(int Status, string ContentType, byte[] Body)
{
    internal const string Standard = "text/xml; charset=utf-8";

    /// <summary>Wraps elements; <paramref name="write"/> adds attributes.</summary>
    internal static byte[] Wrap(ReadOnlySpan<byte> payloads, Action<XmlBuilder>? write = null)
    {
        XmlBuilder body = new XmlBuilder(around: "", payloads.Length + 256).Start("body", BoshRequest.Namespace);
        // Clients look for stream:features and stream:error by their prefix (XEP-0206 §2).
        if (payloads.IndexOf("<stream:"u8) >= 0)
            body.Attribute("xmlns:stream", Ns.Streams);
        write?.Invoke(body);
        return body.Copy(payloads).ToArray();
    }

    /// <summary>The session's end (§17.2); without a condition it is in order.</summary>
    internal static byte[] Terminate(string? condition, ReadOnlySpan<byte> payloads = default) =>
        Wrap(payloads, body => body.Attribute("type", "terminate").Attribute("condition", condition));

    /// <summary>§17.3: the client sends again what was not answered.</summary>
    internal static byte[] Recoverable() => Wrap(default, body => body.Attribute("type", "error"));

    internal static BoshResponse Of(byte[] body, string contentType = Standard) => new(200, contentType, body);
}
