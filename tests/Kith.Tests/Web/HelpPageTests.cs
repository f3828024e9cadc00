using System.Net;
using Shouldly;
using Xunit;

namespace Kith.Tests.Web;

/// <summary><c>/help</c>.</summary>
public sealed class HelpPageTests : IAsyncLifetime
{
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

    [Theory]
    [InlineData("en", "What encryption does", "the Capulets&gt; is a messenger of your own")]
    [InlineData("de", "Was die Verschlüsselung tut", "the Capulets&gt; ist ein eigener Messenger")]
    public async Task It_says_how_to_connect_and_what_encryption_does(string language, string heading, string lead)
    {
        _visitor.Language = language;
        Answer page = await _visitor.LookAsync("/help");
        page.Status.ShouldBe(HttpStatusCode.OK);
        foreach (
            string part in (string[])
                [heading, lead, "kith.test", "<dd>5222</dd>", "<dd>5223</dd>", "Conversations", "Monal", "Gajim"]
        )
            page.Html.ShouldContain(part);
        page.Html.ShouldNotContain("<the Capulets>");
        page.Html.ShouldNotContain("{0}");
        page.Header("Content-Security-Policy").ShouldContain("default-src 'none'");
    }

    [Fact]
    public async Task It_leads_into_the_client_where_there_is_one()
    {
        (await _visitor.LookAsync("/help")).Html.ShouldNotContain("href=\"/\"");
        await using WebStage whole = await WebStage.StartAsync([
            ClientSiteTests.Packed("index.html", "<!doctype html>"),
        ]);
        using var visitor = new Visitor(whole);
        (await visitor.LookAsync("/help")).Html.ShouldContain("href=\"/\"");
    }
}
