using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Kith.Web.Pages;

/// <summary>
/// Forms come from our own pages: the browser says so (<c>Sec-Fetch-Site</c>, <c>Origin</c>), and the form carries what
/// only our page could know of the visitor's cookie. Nothing is kept on the server.
/// </summary>
internal sealed class FormGuard(byte[] secret, string publicUrl)
{
    public const string Field = "form";
    private const string Cookie = "__Host-form";
    private const int CookieBytes = 18;

    private readonly SameOrigin _origin = new(publicUrl);

    /// <summary>The value for a form that is shown now; the visitor gets a cookie where there is none.</summary>
    public string Issue(HttpContext http)
    {
        string? cookie = http.Request.Cookies[Cookie];
        if (cookie is not { Length: > 0 and <= 64 })
        {
            cookie = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(CookieBytes));
            http.Response.Cookies.Append(
                Cookie,
                cookie,
                new CookieOptions
                {
                    Secure = true,
                    HttpOnly = true,
                    SameSite = SameSiteMode.Strict,
                    Path = "/",
                }
            );
        }
        return Mark(cookie);
    }

    /// <summary>True for a form that was sent from a page of ours to this visitor.</summary>
    public bool Accepts(HttpContext http, string? mark) =>
        _origin.IsOfPage(http.Request)
        && http.Request.Cookies[Cookie] is { Length: > 0 and <= 64 } cookie
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(mark ?? ""),
            Encoding.UTF8.GetBytes(Mark(cookie))
        );

    private string Mark(string cookie) => Keyed("form", cookie);

    /// <summary>A short proof that we wrote something ourselves, for what travels through the visitor's address bar.</summary>
    public string Keyed(string purpose, string text) =>
        Base64Url.EncodeToString(
            HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"kith page {purpose}\0{text}")).AsSpan(0, 18)
        );

    public bool IsKeyed(string purpose, string text, string? key) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(key ?? ""),
            Encoding.UTF8.GetBytes(Keyed(purpose, text))
        );
}
