using System.Net;
using System.Text.Json;
using Shouldly;
using Xmpp.Server.Household;
using Xunit;

namespace Kith.Tests.Web;

/// <summary>From the page that made or recovered an account to the client in the same browser (laws, "One sign-in").</summary>
public sealed class FirstSessionTests : IAsyncLifetime
{
    private const string Path = "/api/session/first";
    private const string Password = "a rose by any other name";
    private const string Device =
        """{"id":"d4565fa7-4d72-4749-b3d3-740edbf87770","software":"Kith","name":"A browser"}""";

    private WebStage _stage = null!;
    private Visitor _visitor = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await WebStage.StartAsync();
        _visitor = new Visitor(_stage);
    }

    public async ValueTask DisposeAsync()
    {
        _visitor.Dispose();
        await _stage.DisposeAsync();
    }

    private async Task<Answer> JoinAsync(string name = "romeo")
    {
        InviteLink link = await _stage.Server.Home.Invites.CreateAsync(new NewInvite());
        Answer done = await _visitor.SubmitAsync(new Uri(link.Page).AbsolutePath, name, Password);
        done.Status.ShouldBe(HttpStatusCode.SeeOther);
        return done;
    }

    private async Task<Answer> RecoverAsync()
    {
        InviteLink link = await _stage.Server.Home.People.ResetAsync("romeo");
        return await _visitor.SubmitAsync(new Uri(link.Page).AbsolutePath, "", Password);
    }

    private Task<Answer> TakeAsync() => _visitor.PostJsonAsync(Path, Device);

    private static JsonElement Json(Answer answer) => JsonDocument.Parse(answer.Html).RootElement;

    [Fact]
    public async Task Who_made_an_account_has_its_first_token()
    {
        Answer done = await JoinAsync();
        string cookie = done.Header("Set-Cookie");
        foreach (
            string flag in (string[])["__Host-first=", "secure", "httponly", "samesite=strict", "path=/", "max-age=600"]
        )
            cookie.ShouldContain(flag);
        done.Header("Location").ShouldNotContain(_visitor.Cookie!.Split("first=")[1]);

        Answer first = await TakeAsync();

        first.Status.ShouldBe(HttpStatusCode.OK);
        first.Header("Cache-Control").ShouldBe("no-store");
        JsonElement token = Json(first);
        token.GetProperty("address").GetString().ShouldBe("romeo@kith.test");
        token.GetProperty("mechanism").GetString().ShouldBe("HT-SHA-256-NONE");
        token.GetProperty("token").GetString()!.Length.ShouldBeGreaterThan(40);
        DateTimeOffset
            .FromUnixTimeMilliseconds(token.GetProperty("expires").GetInt64())
            .ShouldBe(DateTimeOffset.UtcNow + FastTokens.Lifetime, TimeSpan.FromMinutes(1));
        _visitor.Cookie.ShouldNotContain("__Host-first");
    }

    [Fact]
    public async Task Who_chose_a_new_password_has_one_too()
    {
        await _stage.AddAsync("romeo", "the old password");
        await RecoverAsync();
        (await TakeAsync()).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task It_is_given_once()
    {
        await JoinAsync();
        string cookie = _visitor.Cookie!;
        (await TakeAsync()).Status.ShouldBe(HttpStatusCode.OK);
        _visitor.Cookie = cookie;
        (await TakeAsync()).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Of_many_at_once_one_has_it()
    {
        await JoinAsync();
        string cookie = _visitor.Cookie!;
        Answer[] answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async _ =>
                {
                    using var visitor = new Visitor(_stage) { Cookie = cookie };
                    return await visitor.PostJsonAsync(Path, Device);
                })
        );
        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    // security.md, "Web": CSRF. The code is not spent by it.
    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "https://kith.test")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", null)]
    public async Task Other_origins_have_nothing(string header, string? value)
    {
        await JoinAsync();
        _visitor.Extra.Clear();
        if (value is not null)
            _visitor.Extra[header] = value;
        (await TakeAsync()).Status.ShouldBe(HttpStatusCode.Forbidden);
        _visitor.Extra.Clear();
        _visitor.Extra["Origin"] = "https://kith.test:8443";
        (await TakeAsync()).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"id":"","software":"Kith","name":"x"}""")]
    [InlineData("""{"id":"me","software":"Kith","name":"x"}""")]
    [InlineData("""{"id":null,"software":"Kith","name":"x"}""")]
    public async Task A_device_without_an_id_is_told_so_and_spends_nothing(string device)
    {
        await JoinAsync();
        (await _visitor.PostJsonAsync(Path, device)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await TakeAsync()).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("__Host-first=")]
    [InlineData("__Host-first=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("first=x")]
    public async Task Without_a_good_code_there_is_nothing(string? cookie)
    {
        await JoinAsync();
        _visitor.Cookie = cookie;
        Answer answer = await TakeAsync();
        (answer.Status, Json(answer).GetProperty("why").GetString()).ShouldBe(
            (HttpStatusCode.NotFound, "nothing-here")
        );
    }

    [Fact]
    public async Task The_rest_of_the_API_stays_closed()
    {
        await JoinAsync();
        foreach (
            string path in (string[])["/api/users", "/api/session/first/", "/api/sessions", "/api/session/first/x"]
        )
            (await _visitor.PostJsonAsync(path, Device)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _visitor.LookAsync(Path)).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Everybody_may_ask_whose_home_it_is()
    {
        Answer answer = await _visitor.LookAsync("/api/home");
        answer.Html.ShouldBe("""{"domain":"kith.test","name":"\u003Cthe Capulets\u003E"}""");
        (await _visitor.PostJsonAsync("/api/home", "{}")).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task The_way_on_is_shown_where_there_is_a_client()
    {
        Answer without = await _visitor.LookAsync((await JoinAsync()).Header("Location"));
        without.Html.ShouldNotContain("/#first");
        await using WebStage whole = await WebStage.StartAsync([
            ClientSiteTests.Packed("index.html", "<!doctype html>"),
        ]);
        using var visitor = new Visitor(whole);
        InviteLink link = await whole.Server.Home.Invites.CreateAsync(new NewInvite());
        Answer done = await visitor.SubmitAsync(new Uri(link.Page).AbsolutePath, "romeo", Password);
        (await visitor.LookAsync(done.Header("Location"))).Html.ShouldContain("href=\"/#first\"");
    }
}
