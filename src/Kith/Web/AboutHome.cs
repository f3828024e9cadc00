using Kith.Administration;
using Kith.Options;

namespace Kith.Web;

/// <summary><c>GET /api/home</c>: what the sign-in screen says of this home. It is for everybody, so no more than the pages tell.</summary>
internal static class AboutHome
{
    public const string Path = Api.Prefix + "/home";

    public static void Map(IEndpointRouteBuilder routes, KithOptions options)
    {
        string name = string.IsNullOrWhiteSpace(options.Home.Name) ? options.Domain : options.Home.Name;
        var view = new HomeView(options.Domain, name);
        routes.MapGet(Path, Api.Handle((http, _) => Api.WriteAsync(http, view, ApiJson.Default.HomeView)));
    }
}
