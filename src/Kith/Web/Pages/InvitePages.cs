using System.Globalization;
using Kith.Options;
using Xmpp.Server;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Server.Streams;

namespace Kith.Web.Pages;

/// <summary>
/// <c>/invite/TOKEN</c>, <c>/reset/TOKEN</c> and the welcome after them: plain pages that need no script. Looking at one
/// spends nothing; link previews do it.
/// </summary>
internal sealed class InvitePages
{
    private const int LargestForm = 16 * 1024;

    private readonly XmppServer _server;
    private readonly KithOptions _options;
    private readonly FormGuard _guard;
    private readonly string _home;
    private bool _withClient;

    private InvitePages(XmppServer server, KithOptions options)
    {
        (_server, _options) = (server, options);
        _guard = new FormGuard(server.Options.Secret, options.PublicUrl);
        _home = string.IsNullOrWhiteSpace(options.Home.Name) ? options.Domain : options.Home.Name;
    }

    /// <param name="withClient">There is a web client to continue in.</param>
    public static void Map(IEndpointRouteBuilder routes, XmppServer server, KithOptions options, bool withClient)
    {
        var pages = new InvitePages(server, options) { _withClient = withClient };
        string[] looking = [HttpMethods.Get, HttpMethods.Head];
        Layout.MapAssets(routes);
        routes.MapMethods("/invite/{token}", looking, http => pages.ShowAsync(http, reset: false));
        routes.MapPost("/invite/{token}", http => pages.SubmitAsync(http, reset: false));
        routes.MapMethods("/reset/{token}", looking, http => pages.ShowAsync(http, reset: true));
        routes.MapPost("/reset/{token}", http => pages.SubmitAsync(http, reset: true));
        routes.MapMethods("/welcome/{name}", looking, pages.WelcomeAsync);
    }

    /// <summary>One request with what depends on who asks.</summary>
    private sealed record Visit(
        HttpContext Http,
        PageTexts Texts,
        InviteViews Views,
        ConnectViews Connect,
        Device Device
    )
    {
        public string Token => (string)Http.Request.RouteValues["token"]!;

        public Task SendAsync(int status, Page page) => Layout.SendAsync(Http, status, Texts, page);
    }

    private Visit Begin(HttpContext http)
    {
        var texts = PageTexts.For(http.Request, _options.Home.Language);
        // An app finds 5222 by itself.
        int port = _options.Listen.Client is 5222 ? 0 : _options.Listen.Client;
        return new Visit(
            http,
            texts,
            new InviteViews(texts, _home, _options.Domain),
            new ConnectViews(texts, _options.Domain, port),
            Apps.DeviceOf(http.Request)
        );
    }

    // ---- looking ----

    private async Task ShowAsync(HttpContext http, bool reset)
    {
        Visit visit = Begin(http);
        if (await FindAsync(visit, reset) is { } invite)
            await visit.SendAsync(StatusCodes.Status200OK, FormPage(visit, invite, new FormState(_guard.Issue(http))));
    }

    /// <summary>The invite, when it can be used on this page; else what is to be said has been said.</summary>
    private async Task<Invite?> FindAsync(Visit visit, bool reset)
    {
        if (_server.Home.Invites.Find(visit.Token) is not { } invite)
        {
            await RefuseGuessAsync(visit);
            return null;
        }
        if (invite.Record.Reset is not null != reset)
        {
            Layout.Harden(visit.Http.Response.Headers);
            visit.Http.Response.Redirect((reset ? "/invite/" : "/reset/") + visit.Token);
            return null;
        }
        if (invite.State == InviteState.Good)
            return invite;
        await SendEndedAsync(visit, invite);
        return null;
    }

    private static Task SendEndedAsync(Visit visit, Invite invite) =>
        visit.SendAsync(
            StatusCodes.Status410Gone,
            invite.State == InviteState.Used
                ? visit.Views.Used(invite, visit.Connect.Apps(visit.Device))
                : visit.Views.Over(invite)
        );

    // Who holds a good link is never slowed down, so a guest behind the same router as somebody who guesses gets in.
    private Task RefuseGuessAsync(Visit visit)
    {
        Guesses guesses = _server.Guesses;
        System.Net.IPAddress address = visit.Http.Connection.RemoteIpAddress ?? System.Net.IPAddress.None;
        TimeSpan delay = guesses.Delay(Invites.Guessing, address);
        guesses.Failed(Invites.Guessing, address);
        if (delay == TimeSpan.Zero)
            return visit.SendAsync(StatusCodes.Status404NotFound, visit.Views.Unknown());
        visit.Http.Response.Headers.RetryAfter = "600";
        return visit.SendAsync(StatusCodes.Status429TooManyRequests, visit.Views.TooMany());
    }

    private Page FormPage(Visit visit, Invite invite, FormState form)
    {
        string uri = _server.Home.Invites.Uri(invite.Record, invite.From, visit.Token);
        string page = $"{_options.PublicUrl}/{(invite.Record.Reset is null ? "invite" : "reset")}/{visit.Token}";
        if (invite.Person is { } person)
            return visit.Views.Reset(person, uri, form);
        return invite.Record.ContactOnly
            ? visit.Views.Contact(invite, page, uri, visit.Device)
            : visit.Views.Invitation(invite, page, uri, visit.Device, form);
    }

    // ---- sending ----

    private async Task SubmitAsync(HttpContext http, bool reset)
    {
        Visit visit = Begin(http);
        if (await ReadFormAsync(http) is not { } form)
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        if (await FindAsync(visit, reset) is not { } invite)
            return;
        string name = form["name"].ToString().Trim();
        if (!_guard.Accepts(http, form[FormGuard.Field]))
        {
            var again = new FormState(_guard.Issue(http), name, Fault.Form, visit.Texts.FormOld);
            await visit.SendAsync(StatusCodes.Status400BadRequest, FormPage(visit, invite, again));
            return;
        }
        await DoAsync(visit, invite, name, form["password"].ToString());
    }

    private async Task DoAsync(Visit visit, Invite invite, string name, string password)
    {
        try
        {
            string done = invite.Person is null
                ? await _server.Home.Invites.RegisterAsync(visit.Token, invite.Record.Name ?? name, password)
                : await _server.Home.Invites.ResetAsync(visit.Token, password);
            Layout.Harden(visit.Http.Response.Headers);
            FirstSession.Leave(visit.Http, _server.HandOvers.Offer(done));
            visit.Http.Response.StatusCode = StatusCodes.Status303SeeOther;
            visit.Http.Response.Headers.Location = WelcomePath(done, isNew: invite.Person is null);
        }
        catch (RefusedException refused)
        {
            await SendRefusalAsync(visit, invite, name, refused);
        }
        catch (StorageException fault)
        {
            (Fault where, string problem) = visit.Views.Explain(fault);
            var again = new FormState(_guard.Issue(visit.Http), name, where, problem);
            await visit.SendAsync(StatusCodes.Status507InsufficientStorage, FormPage(visit, invite, again));
        }
    }

    private Task SendRefusalAsync(Visit visit, Invite invite, string name, RefusedException refused)
    {
        switch (refused.Why)
        {
            case Refusal.NoInvite:
                return visit.SendAsync(StatusCodes.Status404NotFound, visit.Views.Unknown());
            case Refusal.InviteUsed:
                return SendEndedAsync(visit, invite with { State = InviteState.Used });
            case Refusal.InviteOver:
                return SendEndedAsync(visit, invite with { State = InviteState.Over });
            default:
                (Fault where, string problem) = visit.Views.Explain(refused, name);
                var again = new FormState(_guard.Issue(visit.Http), name, where, problem);
                return visit.SendAsync(StatusCodes.Status422UnprocessableEntity, FormPage(visit, invite, again));
        }
    }

    private static async Task<IFormCollection?> ReadFormAsync(HttpContext http)
    {
        if (
            http.Request.ContentType?.StartsWith(
                "application/x-www-form-urlencoded",
                StringComparison.OrdinalIgnoreCase
            ) != true
        )
            return null;
        if (
            http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is
            { IsReadOnly: false } limit
        )
            limit.MaxRequestBodySize = LargestForm;
        try
        {
            return await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (Exception bad) when (bad is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    // ---- afterwards ----

    // Only we make such a link, so that nobody is welcomed by a page that somebody else made up.
    private string WelcomePath(string name, bool isNew)
    {
        string what = isNew ? "new" : "password";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"/welcome/{Uri.EscapeDataString(name)}?as={what}&key={_guard.Keyed("welcome " + what, name)}"
        );
    }

    private Task WelcomeAsync(HttpContext http)
    {
        Visit visit = Begin(http);
        string name = (string)http.Request.RouteValues["name"]!;
        string what = http.Request.Query["as"].ToString();
        return _guard.IsKeyed("welcome " + what, name, http.Request.Query["key"])
            ? visit.SendAsync(
                StatusCodes.Status200OK,
                visit.Connect.Welcome(name, what == "new", visit.Device, _withClient)
            )
            : visit.SendAsync(StatusCodes.Status404NotFound, visit.Views.Unknown());
    }
}
