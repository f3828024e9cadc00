namespace Kith.Web.Client;

/// <summary>What the web client may do in a browser: run its own files, talk to this box, fetch what friends' servers keep.</summary>
internal sealed class ClientPolicy
{
    private readonly string _content;

    public ClientPolicy(string publicUrl)
    {
        // 'self' means WebSockets too, but not for every browser that is still in use.
        string stream = "ws" + new Uri(publicUrl).GetLeftPart(UriPartial.Authority)["http".Length..];
        _content = string.Join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            // What friends' servers keep is fetched, and drawn from memory: no page of theirs learns by itself who looks.
            "img-src 'self' blob: data:",
            "media-src 'self' blob:",
            $"connect-src 'self' {stream} https:",
            "worker-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            // One policy, for the address of the service worker; nothing else makes script or markup of a text.
            "require-trusted-types-for 'script'",
            "trusted-types kith"
        );
    }

    /// <summary>On every file: the worker is bound by the policy that came with its own script.</summary>
    public void Apply(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = _content;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] =
            "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=(), serial=(), "
            + "midi=(), browsing-topics=()";
        headers["X-Robots-Tag"] = "noindex";
    }
}
