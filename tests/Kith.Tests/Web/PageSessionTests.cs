using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Kith.Tests.Web;

/// <summary><c>/api/session</c>: the pages of a browser whose client is signed in (laws, "One sign-in").</summary>
public sealed class PageSessionTests : IAsyncLifetime
{
    private const string Path = "/api/session";
    private const string Password = "a rose by any other name";

    private WebStage _stage = null!;
    private Visitor _visitor = null!;
    private SocketClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await WebStage.StartAsync();
        _visitor = new Visitor(_stage);
        await _stage.AddAsync("romeo", Password);
        _client = await SocketClient.SignInAsync(_stage, "romeo", Password);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _visitor.Dispose();
        await _stage.DisposeAsync();
    }

    private async Task<Answer> OpenAsync(string? code = null) =>
        await _visitor.PostJsonAsync(Path, $"{{\"code\":\"{code ?? await _client.CodeAsync()}\"}}");

    private Task<Answer> WhoAsync() => _visitor.LookAsync(Path);

    private static string Why(Answer answer) =>
        JsonDocument.Parse(answer.Html).RootElement.GetProperty("why").GetString()!;

    private static void ShouldBeRomeo(Answer answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Header("Cache-Control").ShouldBe("no-store");
        JsonElement session = JsonDocument.Parse(answer.Html).RootElement;
        session.GetProperty("address").GetString().ShouldBe("romeo@kith.test");
        session.GetProperty("role").GetString().ShouldBe("member");
        DateTimeOffset
            .FromUnixTimeMilliseconds(session.GetProperty("expires").GetInt64())
            .ShouldBe(DateTimeOffset.UtcNow + TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));
    }

    private async Task ShouldBeNobody()
    {
        Answer answer = await WhoAsync();
        (answer.Status, Why(answer)).ShouldBe((HttpStatusCode.Unauthorized, "not-signed-in"));
    }

    [Fact]
    public async Task A_code_of_the_stream_signs_the_browser_in_until_it_signs_out()
    {
        await ShouldBeNobody();
        Answer opened = await OpenAsync();
        ShouldBeRomeo(opened);
        string cookie = opened.Header("Set-Cookie");
        foreach (
            string flag in (string[])
                ["__Host-session=", "secure", "httponly", "samesite=strict", "path=/", "max-age=3600"]
        )
            cookie.ShouldContain(flag);
        cookie.ShouldNotContain("domain=");
        ShouldBeRomeo(await WhoAsync());

        string kept = _visitor.Cookie!;
        (await _visitor.LookAsync(Path, HttpMethod.Delete)).Status.ShouldBe(HttpStatusCode.Forbidden);
        ShouldBeRomeo(await WhoAsync());
        (await _visitor.DeleteAsync(Path)).Status.ShouldBe(HttpStatusCode.NoContent);
        _visitor.Cookie.ShouldBeNull();
        await ShouldBeNobody();
        _visitor.Cookie = kept;
        await ShouldBeNobody();
        (await _visitor.DeleteAsync(Path)).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_code_is_spent_by_one_of_many()
    {
        string code = await _client.CodeAsync();
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OpenAsync(code)));
        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized).ShouldBe(7);
    }

    // security.md, "Web": session fixation. A cookie that was there before is worth nothing after.
    [Fact]
    public async Task Signing_in_anew_brings_another_cookie()
    {
        await OpenAsync();
        string before = _visitor.Cookie!;
        ShouldBeRomeo(await OpenAsync());
        string after = _visitor.Cookie!;
        after.ShouldNotBe(before);
        _visitor.Cookie = before;
        await ShouldBeNobody();
        _visitor.Cookie = after;
        await _stage.AddAsync("tybalt", Password);
        using SocketClient tybalt = await SocketClient.SignInAsync(_stage, "tybalt", Password);
        (await OpenAsync(await tybalt.CodeAsync())).Html.ShouldContain("tybalt@kith.test");
        _visitor.Cookie = after;
        await ShouldBeNobody();
    }

    // security.md, "Web": CSRF. The code is not spent by it.
    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", null)]
    public async Task Other_origins_sign_nobody_in(string header, string? value)
    {
        string code = await _client.CodeAsync();
        _visitor.Extra.Clear();
        if (value is not null)
            _visitor.Extra[header] = value;
        (await OpenAsync(code)).Status.ShouldBe(HttpStatusCode.Forbidden);
        _visitor.Cookie.ShouldBeNull();
        _visitor.Extra.Clear();
        _visitor.Extra["Origin"] = "https://kith.test:8443";
        ShouldBeRomeo(await OpenAsync(code));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"code\":null}")]
    [InlineData("{\"code\":\"x\",\"more\":1}")]
    public async Task What_is_no_code_is_told_so(string body) =>
        (await _visitor.PostJsonAsync(Path, body)).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_code_that_is_not_good_opens_nothing(string code)
    {
        Answer answer = await OpenAsync(code);
        (answer.Status, Why(answer)).ShouldBe((HttpStatusCode.Unauthorized, "not-signed-in"));
        _visitor.Cookie.ShouldBeNull();
    }

    // security.md, "Web": the admin API stays an allow-list; the cookie opens nothing else.
    [Fact]
    public async Task It_opens_nothing_else()
    {
        ShouldBeRomeo(await OpenAsync());
        foreach (string path in (string[])["/api/users", "/api/circles", "/api/session/", "/api/doctor"])
            (await _visitor.LookAsync(path)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        await _stage.Server.Home.People.SetRoleAsync("romeo", Xmpp.Server.Stores.Role.Admin);
        (await WhoAsync()).Html.ShouldContain("\"role\":\"admin\"");
        (await _visitor.LookAsync("/api/users")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
