using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kith.Administration;
using Kith.Listeners;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;

namespace Kith.Web;

/// <summary>What an endpoint of <c>/api</c> does: it reads, does and answers; refusals are told for it.</summary>
internal delegate Task ApiHandler(HttpContext context, CancellationToken cancellation);

/// <summary>
/// The JSON API under <c>/api</c>. It refuses by default: whoever does not come through the control socket, which is an
/// admin's, is turned away before an endpoint is looked for.
/// </summary>
internal static class Api
{
    public const string Prefix = "/api";

    /// <summary>What needs no admin; each sees for itself who asks.</summary>
    private static readonly string[] _open = [AboutHome.Path, FirstSession.Path, PageSession.Path];

    /// <summary>The gate before every endpoint, those that others map too.</summary>
    public static void Guard(IApplicationBuilder app) =>
        app.Use(
            async (context, next) =>
            {
                PathString path = context.Request.Path;
                bool guarded =
                    path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase)
                    && !_open.Contains(path.Value, StringComparer.Ordinal);
                if (!guarded || ControlSocket.IsControl(context))
                {
                    await next(context);
                    return;
                }
                await RefuseAsync(
                    context,
                    StatusCodes.Status401Unauthorized,
                    "not-signed-in",
                    "This needs an admin who is signed in."
                );
            }
        );

    /// <summary>An endpoint as Kestrel runs it.</summary>
    public static RequestDelegate Handle(ApiHandler handler) =>
        async context =>
        {
            context.Response.Headers.CacheControl = "no-store";
            try
            {
                await handler(context, context.RequestAborted);
            }
            catch (RefusedException refused)
            {
                await WriteAsync(context, StatusOf(refused.Why), ViewOf(refused), ApiJson.Default.ProblemView);
            }
            catch (StorageException full) when (full.DiskFull)
            {
                await RefuseAsync(context, StatusCodes.Status507InsufficientStorage, "disk-full", full.Message);
            }
        };

    /// <summary>The same for the home's own client alone: what a page elsewhere asks is refused.</summary>
    public static RequestDelegate HandleOwn(SameOrigin origin, ApiHandler handler) =>
        Handle(
            (http, stop) =>
                origin.IsOfScript(http.Request)
                    ? handler(http, stop)
                    : RefuseAsync(
                        http,
                        StatusCodes.Status403Forbidden,
                        "other-origin",
                        "This is for the home's own client."
                    )
        );

    /// <summary>An endpoint that changes something, and has nothing to say.</summary>
    public static RequestDelegate Change(ApiHandler change) => Handle(Silent(change));

    /// <summary>Once it is done, the answer is that there is none.</summary>
    public static ApiHandler Silent(ApiHandler handler) =>
        async (context, stop) =>
        {
            await handler(context, stop);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        };

    public static ProblemView ViewOf(RefusedException refused) => new(refused.Why.ToString(), refused.Message);

    private static int StatusOf(Refusal why) =>
        why switch
        {
            Refusal.NoPerson or Refusal.NoCircle or Refusal.NoInvite => StatusCodes.Status404NotFound,
            Refusal.NameTaken or Refusal.NameKept or Refusal.CircleTaken => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status400BadRequest,
        };

    /// <exception cref="RefusedException">The body is not what was asked for.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        try
        {
            if (await JsonSerializer.DeserializeAsync(context.Request.Body, type, cancellation) is { } value)
                return value;
        }
        catch (JsonException)
        {
            // Told below.
        }
        throw new RefusedException(Refusal.BadRequest, "The request's body is not the JSON that belongs here.");
    }

    public static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type) =>
        WriteAsync(context, StatusCodes.Status200OK, value, type);

    public static async Task WriteAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted);
    }

    /// <param name="why">For programs.</param>
    /// <param name="message">For people.</param>
    public static Task RefuseAsync(HttpContext context, int status, string why, string message) =>
        WriteAsync(context, status, new ProblemView(why, message), ApiJson.Default.ProblemView);

    /// <summary>A part of the path as it was meant.</summary>
    public static string Part(HttpContext context, string name) =>
        ((string)context.Request.RouteValues[name]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
