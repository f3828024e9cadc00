using Kith.Administration;
using Kith.Options;
using Kith.Web.Pages;
using Xmpp.Server;

namespace Kith.Web;

/// <summary>Everything that answers HTTP; each part maps its own routes. What nobody maps is 404.</summary>
internal static class Site
{
    public static void Map(WebApplication app, XmppServer server, KithOptions options, IAdministration home)
    {
        Api.Guard(app);
        app.MapXmpp(server);
        app.MapGet("/healthz", () => Results.Text("ok\n"));
        Users.Map(app, home);
        HomeApi.Map(app, home);
        InvitePages.Map(app, server, options);
    }
}
