using Kith.Administration;

namespace Kith.Web;

/// <summary><c>/api/circles</c>, <c>/api/invites</c> and <c>/api/doctor</c>.</summary>
internal static class HomeApi
{
    public static void Map(IEndpointRouteBuilder routes, IAdministration home)
    {
        MapCircles(routes, home);
        MapInvites(routes, home);
        routes.MapGet(
            "/api/doctor",
            Api.Handle(
                async (http, stop) =>
                    await Api.WriteAsync(http, await home.DoctorAsync(stop), ApiJson.Default.IReadOnlyListFindingView)
            )
        );
    }

    private static void MapCircles(IEndpointRouteBuilder routes, IAdministration home)
    {
        routes.MapGet(
            "/api/circles",
            Api.Handle(
                async (http, stop) =>
                    await Api.WriteAsync(http, await home.CirclesAsync(stop), ApiJson.Default.IReadOnlyListCircleView)
            )
        );
        routes.MapPost(
            "/api/circles",
            Api.Change(
                async (http, stop) =>
                {
                    TextValue name = await Api.ReadAsync(http, ApiJson.Default.TextValue, stop);
                    await home.CreateCircleAsync(name.Value, stop);
                }
            )
        );
        routes.MapDelete(
            "/api/circles/{circle}",
            Api.Change((http, stop) => home.RemoveCircleAsync(Api.Part(http, "circle"), stop))
        );
        routes.MapPut("/api/circles/{circle}/members/{name}", Member(home, true));
        routes.MapDelete("/api/circles/{circle}/members/{name}", Member(home, false));
    }

    private static RequestDelegate Member(IAdministration home, bool member) =>
        Api.Change((http, stop) => home.SetMemberAsync(Api.Part(http, "circle"), Api.Part(http, "name"), member, stop));

    private static void MapInvites(IEndpointRouteBuilder routes, IAdministration home)
    {
        routes.MapGet(
            "/api/invites",
            Api.Handle(
                async (http, stop) =>
                    await Api.WriteAsync(http, await home.InvitesAsync(stop), ApiJson.Default.IReadOnlyListInviteView)
            )
        );
        routes.MapPost(
            "/api/invites",
            Api.Handle(
                async (http, stop) =>
                {
                    InviteRequest request = await Api.ReadAsync(http, ApiJson.Default.InviteRequest, stop);
                    LinkView link = await home.CreateInviteAsync(request, stop);
                    await Api.WriteAsync(http, StatusCodes.Status201Created, link, ApiJson.Default.LinkView);
                }
            )
        );
        routes.MapDelete(
            "/api/invites/{id}",
            Api.Change((http, stop) => home.RevokeInviteAsync(Api.Part(http, "id"), stop))
        );
    }
}
