using Kith.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Kith.Web.Client;

/// <summary>
/// The web client at <c>/</c>: the files that the published program carries, each at an address of its own, so that a path
/// leads nowhere else. A program that was built without them says so there.
/// </summary>
internal sealed class ClientSite
{
    /// <summary>Begins the names of the resources that the build embeds (<c>Kith.csproj</c>).</summary>
    private const string Prefix = "web/";

    private static readonly string[] _looking = [HttpMethods.Get, HttpMethods.Head];
    private readonly ClientPolicy _policy;

    private ClientSite(string publicUrl) => _policy = new ClientPolicy(publicUrl);

    /// <summary>What this program carries; empty in a plain build.</summary>
    public static IReadOnlyList<SiteFile> BuiltIn()
    {
        var assembly = typeof(ClientSite).Assembly;
        return
        [
            .. assembly
                .GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
                .Select(name => new SiteFile(name[Prefix.Length..], () => assembly.GetManifestResourceStream(name)!)),
        ];
    }

    public static void Map(IEndpointRouteBuilder routes, KithOptions options, IReadOnlyList<SiteFile> files)
    {
        var site = new ClientSite(options.PublicUrl);
        foreach (SiteFile file in files)
            routes.MapMethods(file.Path, _looking, http => site.SendAsync(http, file));
        if (files.Count == 0)
        {
            routes.MapMethods("/", _looking, NotBuiltAsync);
            return;
        }
        var manifest = new Manifest(options);
        routes.MapMethods("/manifest.webmanifest", _looking, manifest.SendAsync);
        // What is shared to the client goes to its service worker; where there is none yet, the client at least opens.
        routes.MapPost("/share", SharedAsync);
    }

    private static Task NotBuiltAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(
            "The web client is not part of this build: dotnet publish src/Kith, or ./install.sh --try, makes it.\n",
            http.RequestAborted
        );
    }

    private static Task SharedAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = "/";
        return Task.CompletedTask;
    }

    private async Task SendAsync(HttpContext http, SiteFile file)
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers.ETag = file.Tag;
        headers.CacheControl = file.IsImmutable ? "public, max-age=31536000, immutable" : "no-cache";
        if (file.IsPacked)
            headers.Vary = HeaderNames.AcceptEncoding;
        _policy.Apply(headers);
        if (IsKnown(http.Request, file.Tag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        bool packed = file.IsPacked && ReadsBrotli(http.Request);
        http.Response.ContentType = file.Type;
        if (packed)
            headers.ContentEncoding = "br";
        if (packed || !file.IsPacked)
            http.Response.ContentLength = file.Length;
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        await using Stream content = file.Open(unpacked: !packed);
        await content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    // RFC 9110 §13.1.2, compared weakly.
    private static bool IsKnown(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out IList<EntityTagHeaderValue>? known)
        && known.Any(each =>
            each.Tag == "*" || each.Compare(EntityTagHeaderValue.Parse(tag), useStrongComparison: false)
        );

    // RFC 9110 §12.5.3: a name counts before the star.
    private static bool ReadsBrotli(HttpRequest request)
    {
        StringValues accepted = request.Headers.AcceptEncoding;
        if (!StringWithQualityHeaderValue.TryParseList(accepted, out IList<StringWithQualityHeaderValue>? codings))
            return false;
        return (Named(codings, "br") ?? Named(codings, "*")) is { } found && found.Quality != 0;

        static StringWithQualityHeaderValue? Named(IList<StringWithQualityHeaderValue> all, string name) =>
            all.FirstOrDefault(each => each.Value.Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
