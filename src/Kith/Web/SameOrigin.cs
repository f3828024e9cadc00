namespace Kith.Web;

/// <summary>Whether a request comes from a page of this home, as the visitor's browser says (security.md, "Web": CSRF).</summary>
internal sealed class SameOrigin(string publicUrl)
{
    private readonly string _origin = new Uri(publicUrl).GetLeftPart(UriPartial.Authority);

    /// <summary>
    /// For forms, which carry a proof of their own besides. Pages without a referrer send "Origin: null"; browsers that do so
    /// say where a request comes from by the other header.
    /// </summary>
    public bool IsOfPage(HttpRequest request) =>
        Site(request) ?? (Origin(request) is "" or "null" || Origin(request) == _origin);

    /// <summary>For scripts: a browser that does not say is not believed.</summary>
    public bool IsOfScript(HttpRequest request) => Site(request) ?? Origin(request) == _origin;

    private static bool? Site(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        return site.Length == 0 ? null : site == "same-origin";
    }

    private static string Origin(HttpRequest request) => request.Headers.Origin.ToString();
}
