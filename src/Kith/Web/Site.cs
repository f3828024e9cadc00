using Kith.Administration;
using Kith.Options;
using Kith.Web.Client;
using Kith.Web.Pages;
using Xmpp.Server;

namespace Kith.Web;

/// <summary>Everything that answers HTTP; each part maps its own routes. What nobody maps is 404.</summary>
internal static class Site
{
    /// <param name="client">The web client's files; none in a build without it.</param>
    public static void Map(
        WebApplication app,
        XmppServer server,
        KithOptions options,
        IAdministration home,
        IReadOnlyList<SiteFile> client
    )
    {
        Api.Guard(app);
        app.MapXmpp(server);
        app.MapGet("/healthz", () => Results.Text("ok\n"));
        Users.Map(app, home);
        HomeApi.Map(app, home);
        AboutHome.Map(app, options);
        FirstSession.Map(app, server, options);
        PageSession.Map(app, server, options);
        InvitePages.Map(app, server, options, withClient: client.Count > 0);
        HelpPage.Map(app, options, withClient: client.Count > 0);
        ClientSite.Map(app, options, client);
    }
}
