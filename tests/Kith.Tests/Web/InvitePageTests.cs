using System.Net;
using Shouldly;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xunit;

namespace Kith.Tests.Web;

/// <summary>The invite page, as a browser and as everybody else sees it (laws, "Invites"; security.md, "Web").</summary>
public sealed class InvitePageTests : IAsyncLifetime
{
    private const string Password = "correct horse";
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

    private Home Home => _stage.Server.Home;

    private async Task<(string Path, InviteLink Link)> Invite(NewInvite? invite = null)
    {
        InviteLink link = await Home.Invites.CreateAsync(invite ?? new NewInvite());
        return (new Uri(link.Page).AbsolutePath, link);
    }

    private int Used(InviteLink link) =>
        Home.Invites.List().Single(invite => invite.Record.Id == link.Invite.Id).Record.Used;

    [Fact]
    public async Task A_guest_chooses_name_and_password_and_learns_how_to_connect()
    {
        await _stage.AddAsync("juliet", Password);
        (string path, InviteLink link) = await Invite(new NewInvite { From = "juliet" });

        Answer page = await _visitor.LookAsync(path);
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Html.ShouldContain("Juliet invites you");
        page.Html.ShouldContain("the circle “Family”");
        page.Html.ShouldContain($"href=\"{link.Uri}\"");
        page.Html.ShouldContain("<html lang=\"en\">");

        Answer done = await _visitor.SubmitAsync(path, " Romeo ", Password);
        done.Status.ShouldBe(HttpStatusCode.SeeOther);
        string welcome = done.Header("Location");
        welcome.ShouldStartWith("/welcome/romeo?");
        Home.People.Get("romeo").Circles.ShouldBe(["Family"]);

        Answer arrived = await _visitor.LookAsync(welcome);
        arrived.Html.ShouldContain("Welcome, Romeo!");
        arrived.Html.ShouldContain("romeo@kith.test");
        arrived.Html.ShouldContain("href=\"xmpp:romeo@kith.test\"");
        arrived.Html.ShouldContain("<svg");
        foreach (string app in (string[])["Conversations", "Cheogram", "Monal", "Siskin", "Gajim", "Dino", "Profanity"])
            arrived.Html.ShouldContain(app);
        (await _visitor.LookAsync(path)).Status.ShouldBe(HttpStatusCode.Gone);
    }

    // Laws, "Invites": link previews do it.
    [Fact]
    public async Task Looking_spends_nothing()
    {
        (string path, InviteLink link) = await Invite();
        for (int i = 0; i < 5; i++)
            (await _visitor.LookAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
        Answer head = await _visitor.LookAsync(path, HttpMethod.Head);
        (head.Status, head.Html).ShouldBe((HttpStatusCode.OK, ""));
        Used(link).ShouldBe(0);
    }

    [Fact]
    public async Task Of_many_who_send_the_form_at_once_only_as_many_get_in_as_the_invite_has_uses()
    {
        (string path, InviteLink link) = await Invite(new NewInvite { Uses = 2 });
        Answer[] answers = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(async number =>
                {
                    using var visitor = new Visitor(_stage);
                    return await visitor.SubmitAsync(path, $"guest{number}", Password);
                })
        );
        answers.Count(answer => answer.Status == HttpStatusCode.SeeOther).ShouldBe(2);
        answers.Count(answer => answer.Status == HttpStatusCode.Gone).ShouldBe(8);
        (Used(link), Home.People.List().Count).ShouldBe((2, 2));
    }

    [Theory]
    [InlineData("juliet", Password, "The name juliet is taken")]
    [InlineData("JULIET", Password, "The name JULIET is taken")]
    [InlineData("", Password, "Please choose a name")]
    [InlineData("two words", Password, "This cannot be a name")]
    [InlineData("a@elsewhere.example", Password, "This cannot be a name")]
    [InlineData("../../admin", Password, "This cannot be a name")]
    [InlineData("romeo", "short", "The password is too short")]
    [InlineData("romeo", "", "The password is too short")]
    public async Task What_is_wrong_is_said_in_its_place_and_spends_nothing(string name, string password, string says)
    {
        await _stage.AddAsync("juliet", Password);
        (string path, InviteLink link) = await Invite();
        Answer again = await _visitor.SubmitAsync(path, name, password);
        again.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        again.Html.ShouldContain(says);
        again.Html.ShouldContain("aria-invalid=\"true\"");
        again.Html.ShouldNotContain(Password);
        Used(link).ShouldBe(0);
        (await _visitor.SubmitAsync(path, "benvolio", Password)).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData("\"><script>alert(1)</script>")]
    [InlineData("' onfocus='alert(1)")]
    [InlineData("a\r\nSet-Cookie: x=y")]
    [InlineData("&lt;b&gt;")]
    public async Task What_is_typed_stays_text(string name)
    {
        (string path, _) = await Invite();
        Answer again = await _visitor.SubmitAsync(path, name, Password);
        again.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        again.Html.ShouldNotContain("<script");
        again.Html.ShouldNotContain("' onfocus");
        again.Html.ShouldNotContain("<b>");
        again.Html.ShouldContain("&lt;the Capulets&gt;");
        again.Response.Headers.Contains("x").ShouldBeFalse();
    }

    [Fact]
    public async Task Every_page_carries_the_headers_that_keep_it_safe()
    {
        (string path, _) = await Invite();
        Answer[] answers =
        [
            await _visitor.LookAsync(path),
            await _visitor.LookAsync("/invite/nothing"),
            await _visitor.SubmitAsync(path, "a b", Password),
            await _visitor.SubmitAsync(path, "romeo", Password),
            await _visitor.LookAsync(path),
        ];
        foreach (Answer answer in answers)
        {
            string policy = answer.Header("Content-Security-Policy");
            policy.ShouldContain("default-src 'none'");
            policy.ShouldContain("frame-ancestors 'none'");
            policy.ShouldContain("form-action 'self'");
            policy.ShouldNotContain("unsafe");
            answer.Header("Cache-Control").ShouldBe("no-store");
            answer.Header("Referrer-Policy").ShouldBe("no-referrer");
            answer.Header("X-Content-Type-Options").ShouldBe("nosniff");
            answer.Html.ShouldNotContain("style=");
            answer.Html.ShouldNotContain("<script");
            answer.Html.ShouldNotContain("http://");
        }
        string cookie = (await new Visitor(_stage).LookAsync("/reset/" + await ResetToken())).Header("Set-Cookie");
        cookie.ShouldStartWith("__Host-form=");
        foreach (string flag in (string[])["secure", "httponly", "samesite=strict", "path=/"])
            cookie.ShouldContain(flag);
    }

    private async Task<string> ResetToken() => new Uri((await Home.People.ResetAsync("romeo")).Page).Segments[^1];

    [Fact]
    public async Task The_style_is_the_pages_own_and_kept_by_browsers()
    {
        (string path, _) = await Invite();
        string html = (await _visitor.LookAsync(path)).Html;
        int at = html.IndexOf("/assets/pages-", StringComparison.Ordinal);
        Answer style = await _visitor.LookAsync(html[at..html.IndexOf('"', at)]);
        style.Status.ShouldBe(HttpStatusCode.OK);
        style.Response.Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
        style.Header("Cache-Control").ShouldContain("immutable");
        style.Html.ShouldContain("prefers-color-scheme: dark");
        style.Html.ShouldNotContain("url(");
    }

    // security.md, "Web": CSRF.
    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "https://kith.test")]
    public async Task A_form_from_elsewhere_does_nothing(string header, string value)
    {
        (string path, InviteLink link) = await Invite();
        if (header == "Origin")
            _visitor.Extra.Remove("Sec-Fetch-Site");
        _visitor.Extra[header] = value;
        (await _visitor.SubmitAsync(path, "romeo", Password)).Status.ShouldBe(HttpStatusCode.BadRequest);
        Used(link).ShouldBe(0);
        // The same browser on our own page gets in: the port belongs to the origin.
        _visitor.Extra.Remove("Sec-Fetch-Site");
        _visitor.Extra["Origin"] = "https://kith.test:8443";
        (await _visitor.SubmitAsync(path, "romeo", Password)).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task A_form_without_our_mark_or_with_somebody_elses_does_nothing()
    {
        (string path, InviteLink link) = await Invite();
        using var other = new Visitor(_stage);
        string foreign = Visitor.Mark((await other.LookAsync(path)).Html);
        foreach (string mark in new[] { "", "x", foreign, new string('a', 24) })
        {
            Answer again = await _visitor.SubmitAsync(path, "romeo", Password, mark);
            again.Status.ShouldBe(HttpStatusCode.BadRequest);
            again.Html.ShouldContain("Please try once more");
            again.Html.ShouldContain("value=\"romeo\"");
        }
        Answer page = await _visitor.LookAsync(path);
        _visitor.Cookie = null;
        Answer without = await _visitor.PostAsync(
            path,
            new()
            {
                ["form"] = Visitor.Mark(page.Html),
                ["name"] = "romeo",
                ["password"] = Password,
            }
        );
        without.Status.ShouldBe(HttpStatusCode.BadRequest);
        Used(link).ShouldBe(0);
    }

    [Fact]
    public async Task A_body_that_is_no_form_or_too_large_is_refused()
    {
        (string path, InviteLink link) = await Invite();
        using var http = new HttpClient { BaseAddress = _stage.Address };
        foreach (
            HttpContent body in (HttpContent[])
                [
                    new StringContent("{}", null, "application/json"),
                    new MultipartFormDataContent { { new StringContent("x"), "name" } },
                    new FormUrlEncodedContent([new("name", new string('x', 100_000))]),
                    new FormUrlEncodedContent(Enumerable.Range(0, 3000).Select(i => KeyValuePair.Create($"f{i}", ""))),
                ]
        )
            ((int)(await http.PostAsync(path, body)).StatusCode).ShouldBeInRange(400, 415);
        Used(link).ShouldBe(0);
    }

    [Fact]
    public async Task A_link_that_leads_nowhere_says_what_to_do()
    {
        await _stage.AddAsync("juliet", Password);
        (string used, _) = await Invite(new NewInvite { From = "juliet" });
        await _visitor.SubmitAsync(used, "romeo", Password);
        (string locked, _) = await Invite(new NewInvite { From = "juliet" });
        await Home.People.LockAsync("juliet");
        (string revoked, InviteLink link) = await Invite();
        await Home.Invites.RevokeAsync(link.Invite.Id);

        Answer spent = await _visitor.LookAsync(used);
        spent.Status.ShouldBe(HttpStatusCode.Gone);
        spent.Html.ShouldContain("This invite has been used");
        spent.Html.ShouldContain("Ask Juliet for a new one");
        spent.Html.ShouldContain("Was it you?");
        Answer over = await _visitor.LookAsync(locked);
        (over.Status, over.Html.Contains("This invite is over", StringComparison.Ordinal)).ShouldBe(
            (HttpStatusCode.Gone, true)
        );
        foreach (string path in (string[])[revoked, "/invite/x", "/reset/x", "/invite/" + new string('a', 3000)])
        {
            Answer unknown = await _visitor.LookAsync(path);
            unknown.Status.ShouldBe(HttpStatusCode.NotFound);
            unknown.Html.ShouldContain("This link leads nowhere");
        }
    }

    [Fact]
    public async Task Who_guesses_is_told_to_wait_while_good_links_work()
    {
        (string path, _) = await Invite();
        HttpStatusCode[] answers = await Task.WhenAll(
            Enumerable.Range(0, 15).Select(async number => (await _visitor.LookAsync($"/invite/guess{number}")).Status)
        );
        answers.ShouldContain(HttpStatusCode.TooManyRequests);
        Answer next = await _visitor.LookAsync("/reset/another");
        next.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        next.Header("Retry-After").ShouldNotBeEmpty();
        (await _visitor.LookAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("de", "lädt dich ein")]
    [InlineData("de-AT,en;q=0.5", "lädt dich ein")]
    [InlineData("fr, de;q=0.8, en;q=0.7", "lädt dich ein")]
    [InlineData("en;q=0.9, de;q=0.1", "invites you")]
    [InlineData("de;q=0, en", "invites you")]
    [InlineData("fr", "invites you")]
    [InlineData(";;;,,q=;*", "invites you")]
    public async Task The_page_speaks_the_visitors_language(string wanted, string says)
    {
        await _stage.AddAsync("juliet", Password);
        (string path, _) = await Invite(new NewInvite { From = "juliet" });
        _visitor.Language = wanted;
        (await _visitor.LookAsync(path)).Html.ShouldContain(says);
    }

    [Fact]
    public async Task A_given_name_cannot_be_changed()
    {
        (string path, _) = await Invite(new NewInvite { Name = "tim", Role = Role.Guest });
        (await _visitor.LookAsync(path)).Html.ShouldContain("value=\"tim\" readonly");
        Answer done = await _visitor.SubmitAsync(path, "admin", Password);
        done.Header("Location").ShouldStartWith("/welcome/tim?");
        Home.People.List().ShouldHaveSingleItem().Account.Role.ShouldBe(Role.Guest);
    }

    [Fact]
    public async Task An_invite_for_contacts_only_makes_no_account()
    {
        await _stage.AddAsync("juliet", Password);
        (string path, InviteLink link) = await Invite(new NewInvite { From = "juliet", ContactOnly = true });
        Answer page = await _visitor.LookAsync(path);
        page.Html.ShouldContain("Juliet would like to chat with you");
        page.Html.ShouldNotContain("<form");
        Answer forced = await _visitor.PostAsync(path, new() { ["name"] = "romeo", ["password"] = Password });
        ((int)forced.Status).ShouldBeInRange(400, 499);
        (Used(link), Home.People.List().Count).ShouldBe((0, 1));
    }

    // Nobody but us makes a page that greets somebody.
    [Theory]
    [InlineData("/welcome/romeo")]
    [InlineData("/welcome/romeo?as=new&key=")]
    [InlineData("/welcome/romeo?as=new&key=AAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_welcome_that_we_did_not_give_is_none(string path) =>
        (await _visitor.LookAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
}
