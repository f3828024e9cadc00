using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Xmpp.Server.Household;

namespace Kith.Administration;

/// <summary>The running service, asked through its control socket.</summary>
internal sealed class RemoteAdministration : IAdministration
{
    private readonly HttpClient _http;

    private RemoteAdministration(HttpClient http) => _http = http;

    /// <summary>Connects; null when nobody answers.</summary>
    public static async Task<RemoteAdministration?> TryConnectAsync(string socketPath, CancellationToken cancellation)
    {
        try
        {
            using Socket attempt = await ConnectAsync(socketPath, cancellation);
        }
        catch (SocketException)
        {
            return null;
        }
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
                new NetworkStream(await ConnectAsync(socketPath, cancel), ownsSocket: true),
            UseProxy = false,
            AllowAutoRedirect = false,
        };
        return new RemoteAdministration(
            new HttpClient(handler) { BaseAddress = new Uri("http://kith/"), Timeout = Timeout.InfiniteTimeSpan }
        );
    }

    private static async Task<Socket> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task<IReadOnlyList<UserView>> UsersAsync(CancellationToken cancellation) =>
        GetAsync("api/users", ApiJson.Default.IReadOnlyListUserView, cancellation);

    public Task<AddedUser> AddUserAsync(NewUser user, CancellationToken cancellation) =>
        PostAsync("api/users", user, ApiJson.Default.NewUser, ApiJson.Default.AddedUser, cancellation);

    public async Task<int> ImportAsync(UserImport import, Action<int> ready, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Post,
            "api/users/import",
            Body(import, ApiJson.Default.UserImport),
            cancellation
        );
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var lines = new StreamReader(stream);
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            ImportProgress progress = JsonSerializer.Deserialize(line, ApiJson.Default.ImportProgress)!;
            if (progress.Problem is { } problem)
                throw Refused(problem);
            if (progress.Added is { } added)
                return added;
            ready(progress.Ready);
        }
        throw new HttpRequestException("the service stopped during the import");
    }

    public Task RemoveUserAsync(string name, CancellationToken cancellation) =>
        DoAsync(HttpMethod.Delete, $"api/users/{Part(name)}", null, cancellation);

    public Task SetPasswordAsync(string name, string password, CancellationToken cancellation) =>
        DoAsync(HttpMethod.Put, $"api/users/{Part(name)}/password", Text(password), cancellation);

    public Task SetRoleAsync(string name, string role, CancellationToken cancellation) =>
        DoAsync(HttpMethod.Put, $"api/users/{Part(name)}/role", Text(role), cancellation);

    public Task LockAsync(string name, bool locked, CancellationToken cancellation) =>
        DoAsync(HttpMethod.Post, $"api/users/{Part(name)}/{(locked ? "lock" : "unlock")}", null, cancellation);

    public async Task<LinkView> ResetAsync(string name, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Post,
            $"api/users/{Part(name)}/reset",
            null,
            cancellation
        );
        return await ReadAsync(response, ApiJson.Default.LinkView, cancellation);
    }

    public Task<IReadOnlyList<CircleView>> CirclesAsync(CancellationToken cancellation) =>
        GetAsync("api/circles", ApiJson.Default.IReadOnlyListCircleView, cancellation);

    public Task CreateCircleAsync(string name, CancellationToken cancellation) =>
        DoAsync(HttpMethod.Post, "api/circles", Text(name), cancellation);

    public Task RemoveCircleAsync(string name, CancellationToken cancellation) =>
        DoAsync(HttpMethod.Delete, $"api/circles/{Part(name)}", null, cancellation);

    public Task SetMemberAsync(string circle, string name, bool member, CancellationToken cancellation) =>
        DoAsync(
            member ? HttpMethod.Put : HttpMethod.Delete,
            $"api/circles/{Part(circle)}/members/{Part(name)}",
            null,
            cancellation
        );

    public Task<IReadOnlyList<InviteView>> InvitesAsync(CancellationToken cancellation) =>
        GetAsync("api/invites", ApiJson.Default.IReadOnlyListInviteView, cancellation);

    public Task<LinkView> CreateInviteAsync(InviteRequest request, CancellationToken cancellation) =>
        PostAsync("api/invites", request, ApiJson.Default.InviteRequest, ApiJson.Default.LinkView, cancellation);

    public Task RevokeInviteAsync(string id, CancellationToken cancellation) =>
        DoAsync(HttpMethod.Delete, $"api/invites/{Part(id)}", null, cancellation);

    public Task<IReadOnlyList<FindingView>> DoctorAsync(CancellationToken cancellation) =>
        GetAsync("api/doctor", ApiJson.Default.IReadOnlyListFindingView, cancellation);

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    // ---- one request ----

    private static string Part(string text) =>
        text.Trim().AsSpan().ContainsAnyExcept('.')
            ? Uri.EscapeDataString(text)
            : throw new RefusedException(Refusal.BadRequest, $"“{text}” is no name.");

    private static ByteArrayContent Body<T>(T value, JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, type))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };

    private static ByteArrayContent Text(string value) => Body(new TextValue(value), ApiJson.Default.TextValue);

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, cancellation);
        return await ReadAsync(response, type, cancellation);
    }

    private async Task<TOut> PostAsync<TIn, TOut>(
        string path,
        TIn value,
        JsonTypeInfo<TIn> type,
        JsonTypeInfo<TOut> answer,
        CancellationToken cancellation
    )
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, path, Body(value, type), cancellation);
        return await ReadAsync(response, answer, cancellation);
    }

    private async Task DoAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(method, path, body, cancellation);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? body,
        CancellationToken cancellation
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        HttpResponseMessage response = await _http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            cancellation
        );
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await ProblemAsync(response, cancellation);
    }

    private static async Task<Exception> ProblemAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/json")
            return new HttpRequestException($"the service answered {(int)response.StatusCode}; its log says why");
        return Refused(await ReadAsync(response, ApiJson.Default.ProblemView, cancellation));
    }

    private static RefusedException Refused(ProblemView problem) =>
        new(Enum.TryParse(problem.Why, out Refusal why) ? why : Refusal.BadRequest, problem.Message);

    private static async Task<T> ReadAsync<T>(
        HttpResponseMessage response,
        JsonTypeInfo<T> type,
        CancellationToken cancellation
    )
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellation);
        try
        {
            return await JsonSerializer.DeserializeAsync(stream, type, cancellation)
                ?? throw new HttpRequestException("the service answered with nothing");
        }
        catch (JsonException unknown)
        {
            throw new HttpRequestException(
                "the service answered in another way than this program knows: another version?",
                unknown
            );
        }
    }
}
