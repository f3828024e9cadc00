using Kith.Administration;
using Kith.Options;
using Xmpp.Server;
using Xmpp.Server.Household;

namespace Kith.Web;

/// <summary>
/// <c>/api/session/first</c>: the client trades what the invite's or reset's page left in this browser for its first FAST token
/// (laws, "One sign-in"). The code is in a cookie that no script reads and no other site sends; the device's id is the
/// client's own. Whatever is wrong with a code, the answer is the same.
/// </summary>
internal sealed class FirstSession(XmppServer server)
{
    public const string Path = Api.Prefix + "/session/first";
    private static readonly HostCookie _cookie = new("__Host-first");

    /// <summary>Where the client asks for it; it looks at nothing else, so that a start costs no request more.</summary>
    public const string Start = "/#first";

    public static void Map(IEndpointRouteBuilder routes, XmppServer server, KithOptions options)
    {
        var session = new FirstSession(server);
        routes.MapPost(Path, Api.HandleOwn(new SameOrigin(options.PublicUrl), session.TakeAsync));
    }

    /// <summary>Leaves the code with the answer to the form that set the account's password.</summary>
    public static void Leave(HttpContext http, string code) => _cookie.Leave(http, code, HandOvers.Lifetime);

    private async Task TakeAsync(HttpContext http, CancellationToken stop)
    {
        DeviceClaim claim = await Api.ReadAsync(http, ApiJson.Default.DeviceClaim, stop);
        UserAgent agent = UserAgent.Of(claim.Id, claim.Software, claim.Name);
        if (agent.Id is null)
            throw new RefusedException(Refusal.BadRequest, "A device's id is a UUID.");
        string? code = _cookie.Of(http);
        if (code is not null)
            _cookie.Remove(http);
        if (code is null || await server.HandOvers.TakeAsync(code, agent) is not { } first)
        {
            await Api.RefuseAsync(
                http,
                StatusCodes.Status404NotFound,
                "nothing-here",
                "There is nothing to take over here."
            );
            return;
        }
        var view = new FirstTokenView(
            first.Address,
            first.Mechanism,
            first.Token.Token,
            first.Token.Expires.ToUnixTimeMilliseconds()
        );
        await Api.WriteAsync(http, view, ApiJson.Default.FirstTokenView);
    }
}
