namespace Kith.Web;

/// <summary>A cookie that no script reads, no other site sends and no other host sets (RFC 6265bis §4.1.3.2).</summary>
/// <param name="name">Begins with <c>__Host-</c>.</param>
internal sealed class HostCookie(string name)
{
    /// <summary>What the browser sent; null for nothing.</summary>
    public string? Of(HttpContext http) => http.Request.Cookies[name];

    public void Leave(HttpContext http, string value, TimeSpan life) =>
        http.Response.Cookies.Append(
            name,
            value,
            new CookieOptions
            {
                Secure = true,
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Path = "/",
                MaxAge = life,
            }
        );

    public void Remove(HttpContext http) => Leave(http, "", TimeSpan.Zero);
}
