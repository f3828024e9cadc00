using System.Net;
using Kith.Administration;
using Kith.Options;
using Xmpp.Server;
using Xmpp.Server.Household;

namespace Kith.Web;

/// <summary>
/// <c>/api/session</c>: the client trades the code that its stream gave it for a cookie (laws, "One sign-in"), so that pages of
/// the same browser know who looks at them. POST signs in, GET says who is signed in, DELETE signs out. Whatever is wrong with a
/// code or a cookie, the answer is the same.
/// </summary>
internal sealed class PageSession(XmppServer server)
{
    public const string Path = Api.Prefix + "/session";
    private static readonly HostCookie _cookie = new("__Host-session");

    public static void Map(IEndpointRouteBuilder routes, XmppServer server, KithOptions options)
    {
        var session = new PageSession(server);
        var origin = new SameOrigin(options.PublicUrl);
        routes.MapPost(Path, Api.HandleOwn(origin, session.OpenAsync));
        routes.MapGet(Path, Api.Handle(session.TellAsync));
        routes.MapDelete(Path, Api.HandleOwn(origin, Api.Silent(session.CloseAsync)));
    }

    private async Task OpenAsync(HttpContext http, CancellationToken stop)
    {
        CodeClaim claim = await Api.ReadAsync(http, ApiJson.Default.CodeClaim, stop);
        await PauseAsync(http, stop);
        if (server.WebSessions.Open(claim.Code) is not { } opened)
        {
            server.Guesses.Failed(Path, AddressOf(http));
            await Api.RefuseAsync(
                http,
                StatusCodes.Status401Unauthorized,
                "not-signed-in",
                "This code is not good, or no longer."
            );
            return;
        }
        server.Guesses.Succeeded(Path, AddressOf(http));
        // Whoever was signed in here before is not any more.
        if (_cookie.Of(http) is { } before)
            server.WebSessions.Close(before);
        _cookie.Leave(http, opened.Token, WebSessions.Lifetime);
        await Api.WriteAsync(http, ViewOf(opened.Session), ApiJson.Default.SessionView);
    }

    private async Task TellAsync(HttpContext http, CancellationToken stop)
    {
        if (_cookie.Of(http) is { } token && server.WebSessions.Find(token) is { } session)
            await Api.WriteAsync(http, ViewOf(session), ApiJson.Default.SessionView);
        else
            await Api.RefuseAsync(
                http,
                StatusCodes.Status401Unauthorized,
                "not-signed-in",
                "Nobody is signed in here."
            );
    }

    private Task CloseAsync(HttpContext http, CancellationToken stop)
    {
        if (_cookie.Of(http) is { } token)
        {
            server.WebSessions.Close(token);
            _cookie.Remove(http);
        }
        return Task.CompletedTask;
    }

    // As with passwords: who guesses waits longer and longer, and nobody elsewhere does.
    private Task PauseAsync(HttpContext http, CancellationToken stop) =>
        server.Guesses.Delay(Path, AddressOf(http)) is { Ticks: > 0 } pause
            ? Task.Delay(pause, server.Time, stop)
            : Task.CompletedTask;

    private static IPAddress AddressOf(HttpContext http) => http.Connection.RemoteIpAddress ?? IPAddress.None;

    private static SessionView ViewOf(WebSession session) =>
        new(
            session.Account.Jid.ToString(),
            Roles.Name(session.Account.Record.Role),
            session.Expires.ToUnixTimeMilliseconds()
        );
}
