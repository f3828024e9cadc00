using System.Text.Json;
using System.Threading.Channels;
using Kith.Administration;
using Xmpp.Server.Household;

namespace Kith.Web;

/// <summary><c>/api/users</c>: the people of the home.</summary>
internal static class Users
{
    public static void Map(IEndpointRouteBuilder routes, IAdministration home)
    {
        routes.MapGet(
            "/api/users",
            Api.Handle(
                async (http, stop) =>
                    await Api.WriteAsync(http, await home.UsersAsync(stop), ApiJson.Default.IReadOnlyListUserView)
            )
        );
        routes.MapPost(
            "/api/users",
            Api.Handle(
                async (http, stop) =>
                {
                    NewUser user = await Api.ReadAsync(http, ApiJson.Default.NewUser, stop);
                    AddedUser added = await home.AddUserAsync(user, stop);
                    await Api.WriteAsync(http, StatusCodes.Status201Created, added, ApiJson.Default.AddedUser);
                }
            )
        );
        routes.MapPost("/api/users/import", Api.Handle((http, stop) => ImportAsync(http, home, stop)));
        routes.MapDelete(
            "/api/users/{name}",
            Api.Change((http, stop) => home.RemoveUserAsync(Api.Part(http, "name"), stop))
        );
        routes.MapPut(
            "/api/users/{name}/password",
            Api.Change(
                async (http, stop) => await home.SetPasswordAsync(Api.Part(http, "name"), await Text(http, stop), stop)
            )
        );
        routes.MapPut(
            "/api/users/{name}/role",
            Api.Change(
                async (http, stop) => await home.SetRoleAsync(Api.Part(http, "name"), await Text(http, stop), stop)
            )
        );
        routes.MapPost(
            "/api/users/{name}/lock",
            Api.Change((http, stop) => home.LockAsync(Api.Part(http, "name"), true, stop))
        );
        routes.MapPost(
            "/api/users/{name}/unlock",
            Api.Change((http, stop) => home.LockAsync(Api.Part(http, "name"), false, stop))
        );
        routes.MapPost(
            "/api/users/{name}/reset",
            Api.Handle(
                async (http, stop) =>
                    await Api.WriteAsync(
                        http,
                        await home.ResetAsync(Api.Part(http, "name"), stop),
                        ApiJson.Default.LinkView
                    )
            )
        );
    }

    private static async Task<string> Text(HttpContext http, CancellationToken cancellation) =>
        (await Api.ReadAsync(http, ApiJson.Default.TextValue, cancellation)).Value;

    // Answers line by line while the keys are derived, so that who asks can show how far it is.
    private static async Task ImportAsync(HttpContext http, IAdministration home, CancellationToken cancellation)
    {
        UserImport import = await Api.ReadAsync(http, ApiJson.Default.UserImport, cancellation);
        http.Response.ContentType = "application/x-ndjson";
        var ready = Channel.CreateBounded<int>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        Task<ImportProgress> running = RunAsync(import, home, ready, cancellation);
        await foreach (int count in ready.Reader.ReadAllAsync(cancellation))
            await WriteLineAsync(http, new ImportProgress(count), cancellation);
        await WriteLineAsync(http, await running, cancellation);
    }

    private static async Task<ImportProgress> RunAsync(
        UserImport import,
        IAdministration home,
        Channel<int> ready,
        CancellationToken cancellation
    )
    {
        try
        {
            int added = await home.ImportAsync(import, count => ready.Writer.TryWrite(count), cancellation);
            return new ImportProgress(added, Added: added);
        }
        catch (RefusedException refused)
        {
            return new ImportProgress(0, Problem: Api.ViewOf(refused));
        }
        finally
        {
            ready.Writer.Complete();
        }
    }

    private static async Task WriteLineAsync(HttpContext http, ImportProgress line, CancellationToken cancellation)
    {
        await JsonSerializer.SerializeAsync(http.Response.Body, line, ApiJson.Default.ImportProgress, cancellation);
        await http.Response.Body.WriteAsync("\n"u8.ToArray(), cancellation);
        await http.Response.Body.FlushAsync(cancellation);
    }
}
