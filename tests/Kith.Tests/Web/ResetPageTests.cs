using System.Net;
using Shouldly;
using Xunit;

namespace Kith.Tests.Web;

/// <summary>The page to choose a password on.</summary>
public sealed class ResetPageTests : IAsyncLifetime
{
    private WebStage _stage = null!;
    private Visitor _visitor = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await WebStage.StartAsync();
        _visitor = new Visitor(_stage);
        await _stage.AddAsync("juliet", "the old password");
    }

    public async ValueTask DisposeAsync()
    {
        _visitor.Dispose();
        await _stage.DisposeAsync();
    }

    private async Task<string> Reset() =>
        new Uri((await _stage.Server.Home.People.ResetAsync("juliet")).Page).AbsolutePath;

    [Fact]
    public async Task The_link_lets_its_bearer_choose_a_password_once()
    {
        string path = await Reset();
        Answer page = await _visitor.LookAsync(path);
        page.Html.ShouldContain("A password for Juliet");
        page.Html.ShouldContain("value=\"juliet@kith.test\" readonly");
        _stage.Server.Home.People.Get("juliet").HasPassword.ShouldBeFalse();

        Answer tooShort = await _visitor.SubmitAsync(path, "", "short");
        tooShort.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        tooShort.Html.ShouldContain("The password is too short");

        Answer done = await _visitor.SubmitAsync(path, "somebody", "a new beginning");
        done.Status.ShouldBe(HttpStatusCode.SeeOther);
        (await _visitor.LookAsync(done.Header("Location"))).Html.ShouldContain("Your password is set");
        _stage.Server.Home.People.Get("juliet").HasPassword.ShouldBeTrue();
        Answer again = await _visitor.LookAsync(path);
        again.Status.ShouldBe(HttpStatusCode.Gone);
        again.Html.ShouldContain("This link has been used");
    }

    [Fact]
    public async Task A_link_that_stands_on_the_wrong_page_finds_the_right_one()
    {
        string path = await Reset();
        Answer moved = await _visitor.LookAsync(path.Replace("/reset/", "/invite/", StringComparison.Ordinal));
        (moved.Status, moved.Header("Location")).ShouldBe((HttpStatusCode.Redirect, path));
    }

    [Fact]
    public async Task Of_two_who_send_it_at_once_one_sets_the_password()
    {
        string path = await Reset();
        Answer[] answers = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(async number =>
                {
                    using var visitor = new Visitor(_stage);
                    return await visitor.SubmitAsync(path, "", $"password number {number}");
                })
        );
        answers.Count(answer => answer.Status == HttpStatusCode.SeeOther).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.Gone).ShouldBe(5);
    }

    [Fact]
    public async Task The_last_link_is_the_one_that_counts()
    {
        string first = await Reset();
        string second = await Reset();
        (await _visitor.LookAsync(first)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _visitor.LookAsync(second)).Status.ShouldBe(HttpStatusCode.OK);
    }
}
