using System.Security.Cryptography;
using System.Text;

namespace Kith.Web.Pages;

/// <summary>The frame of every page, its style sheet, and the headers that keep it what it is.</summary>
internal static class Layout
{
    // No script at all, nothing from elsewhere, nobody frames it.
    private const string Policy =
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly Asset _style = new("pages.css", "text/css; charset=utf-8", before: "tokens.css");
    private static readonly Asset _icon = new("icon.svg", "image/svg+xml");

    public static void MapAssets(IEndpointRouteBuilder routes)
    {
        foreach (Asset asset in (Asset[])[_style, _icon])
            routes.MapMethods(asset.Path, [HttpMethods.Get, HttpMethods.Head], asset.SendAsync);
    }

    /// <summary>Sends a page.</summary>
    public static async Task SendAsync(HttpContext http, int status, PageTexts texts, Page page)
    {
        Html document = $"""
            <!doctype html>
            <html lang="{texts.Language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            <meta property="og:title" content="{page.Title}">
            <title>{page.Title}</title>
            <link rel="stylesheet" href="{_style.Path}">
            <link rel="icon" type="image/svg+xml" href="{_icon.Path}">
            </head>
            <body>
            <main class="{page.Kind}">
            <header>
            <div class="square {Colour(page.About)}" aria-hidden="true">{Initial(page.About)}</div>
            <h1>{page.Heading}</h1>
            {(page.Under is null ? Html.None : (Html)$"""<p class="under">{page.Under}</p>""")}
            </header>
            {page.Body}
            </main>
            </body>
            </html>

            """;
        byte[] bytes = Encoding.UTF8.GetBytes(document.ToString());
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        Harden(http.Response.Headers);
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    public static void Harden(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["X-Robots-Tag"] = "noindex";
        headers.Vary = "Accept-Language, User-Agent";
    }

    // The same for the same name everywhere.
    private static string Colour(string name) =>
        "c" + (SHA256.HashData(Encoding.UTF8.GetBytes(name.ToLowerInvariant()))[0] % 6);

    private static string Initial(string name) =>
        name.Length == 0 ? "?" : Rune.ToUpperInvariant(name.EnumerateRunes().First()).ToString();
}

/// <summary>One page inside its frame.</summary>
/// <param name="Title">For the tab and for previews.</param>
/// <param name="About">Whose initial stands at the top.</param>
/// <param name="Kind">A class of the style sheet.</param>
internal sealed record Page(string Title, string About, string Heading, string? Under, Html Body, string Kind = "");
