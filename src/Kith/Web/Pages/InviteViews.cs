using Xmpp.Server.Household;
using Xmpp.Server.Stores;

namespace Kith.Web.Pages;

/// <summary>What is wrong with what was typed, and where.</summary>
internal enum Fault
{
    Name,
    Password,
    Form,
}

/// <summary>A form as it is shown: what was typed before, and what was wrong with it.</summary>
internal sealed record FormState(string Mark, string Name = "", Fault? Fault = null, string? Problem = null);

/// <summary>The invite page, the page for a new password, and those that lead nowhere.</summary>
/// <param name="home">The home as it is called.</param>
internal sealed class InviteViews(PageTexts texts, string home, string domain)
{
    /// <summary>A name as a person is spoken of: accounts are written small.</summary>
    public static string Person(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];

    private static string? Person(Invite invite) => invite.From is null ? null : Person(invite.From);

    // ---- an invite ----

    public Page Invitation(Invite invite, string page, string uri, Device device, FormState form)
    {
        string? who = Person(invite);
        return new Page(
            texts.InvitesTitle(who, home),
            who ?? home,
            texts.Invites(who),
            texts.ToHome(home),
            $"""
            <p>{texts.Lead(invite.Circle, invite.Record.Role)}</p>
            {Alert(form)}
            <form method="post" autocomplete="on">
            <input type="hidden" name="{FormGuard.Field}" value="{form.Mark}">
            {NameField(invite, form)}
            {PasswordField(texts.Password, form)}
            <button type="submit">{texts.Create}</button>
            </form>
            <p class="small">{texts.Until(texts.Day(invite.Record.Expires.ToLocalTime()))}</p>
            <details>
            <summary>{texts.HaveApp}</summary>
            <p><a class="button second" href="{uri}">{texts.OpenInApp}</a></p>
            <p class="small">{texts.OpenInAppHint}</p>
            </details>
            {(device == Device.Desktop ? OnPhone(page) : Html.None)}
            """
        );
    }

    private Html OnPhone(string page) =>
        $"""
            <details>
            <summary>{texts.OnPhone}</summary>
            {QrSvg.Of(page, texts.QrOfPage)}
            <p class="small center">{texts.OnPhoneHint}</p>
            </details>
            """;

    private Html NameField(Invite invite, FormState form)
    {
        bool wrong = form.Fault == Fault.Name;
        string value = invite.Record.Name ?? form.Name;
        Html given = invite.Record.Name is null ? Html.None : (Html)$" readonly";
        return $"""
            <label for="name">{texts.Name}</label>
            <input id="name" name="name" value="{value}"{given} required maxlength="200" autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false" aria-describedby="name-hint"{Wrong(
                wrong
            )}>
            {(
                wrong
                    ? (Html)$"""<p class="wrong" id="name-hint">{form.Problem}</p>"""
                    : (Html)$"""<p class="hint" id="name-hint">{texts.AddressHint($"{invite.Record.Name ?? texts.Name.ToLowerInvariant()}@{domain}")}</p>"""
            )}
            """;
    }

    private Html PasswordField(string label, FormState form)
    {
        bool wrong = form.Fault == Fault.Password;
        string hint = texts.PasswordHint(Passwords.ShortestChosen);
        return $"""
            <label for="password">{label}</label>
            <input id="password" name="password" type="password" required maxlength="1000" autocomplete="new-password" aria-describedby="password-hint"{Wrong(
                wrong
            )}>
            <p class="{(wrong ? "wrong" : "hint")}" id="password-hint">{(wrong ? form.Problem : hint)}</p>
            """;
    }

    private static Html Wrong(bool wrong) => wrong ? $" aria-invalid=\"true\" autofocus" : Html.None;

    private static Html Alert(FormState form) =>
        form.Fault == Fault.Form ? $"""<p class="wrong box" role="alert">{form.Problem}</p>""" : Html.None;

    /// <summary>An invite that makes contacts only (XEP-0379 §3.3).</summary>
    public Page Contact(Invite invite, string page, string uri, Device device)
    {
        string who = Person(invite) ?? home;
        return new Page(
            texts.WantsToChat(who),
            who,
            texts.WantsToChat(who),
            null,
            $"""
            <p>{texts.ContactLead(who)}</p>
            <p><a class="button" href="{uri}">{texts.OpenInApp}</a></p>
            <p class="small">{texts.Until(texts.Day(invite.Record.Expires.ToLocalTime()))}</p>
            {(device == Device.Desktop ? OnPhone(page) : Html.None)}
            """
        );
    }

    // ---- a new password ----

    public Page Reset(string name, string uri, FormState form) =>
        new(
            texts.ResetTitle(Person(name)),
            name,
            texts.ResetTitle(Person(name)),
            null,
            $"""
            <p>{texts.ResetLead(home)}</p>
            {Alert(form)}
            <form method="post" autocomplete="on">
            <input type="hidden" name="{FormGuard.Field}" value="{form.Mark}">
            <label for="name">{texts.YourAddress}</label>
            <input id="name" name="name" value="{name}@{domain}" readonly autocomplete="username">
            {PasswordField(texts.NewPassword, form)}
            <button type="submit">{texts.SetPassword}</button>
            </form>
            <details>
            <summary>{texts.HaveApp}</summary>
            <p><a class="button second" href="{uri}">{texts.OpenLinkInApp}</a></p>
            </details>
            """
        );

    // ---- links that lead nowhere ----

    public Page Unknown() => Notice(texts.UnknownTitle, texts.UnknownLead);

    public Page TooMany() => Notice(texts.TooManyTitle, texts.TooManyLead);

    public Page Over(Invite invite) =>
        invite.Record.Reset is null
            ? Notice(texts.OverTitle, texts.OverLead(Person(invite)), Person(invite))
            : Notice(texts.ResetOverTitle, texts.ResetOverLead);

    /// <param name="connect">How to get in: perhaps it was the visitor who used it.</param>
    public Page Used(Invite invite, Html connect)
    {
        if (invite.Record.Reset is not null)
            return Notice(texts.ResetUsedTitle, texts.ResetUsedLead, more: connect);
        Html more = invite.Record.ContactOnly ? Html.None : $"<p>{texts.WasItYou}</p>{connect}";
        return Notice(texts.UsedTitle, texts.UsedLead(Person(invite)), Person(invite), more);
    }

    private Page Notice(string title, string lead, string? about = null, Html? more = null) =>
        new(title, about ?? home, title, null, $"<p>{lead}</p>{more}");

    /// <summary>What was wrong with what was typed, in the reader's language, and where.</summary>
    public (Fault Where, string Problem) Explain(RefusedException refused, string name) =>
        refused.Why switch
        {
            Refusal.NameTaken => (Fault.Name, texts.NameTaken(name)),
            Refusal.NameKept => (Fault.Name, texts.NameKept(name)),
            Refusal.BadName => (Fault.Name, name.Length == 0 ? texts.NoName : texts.BadName),
            Refusal.ShortPassword => (Fault.Password, texts.ShortPassword(Passwords.ShortestChosen)),
            Refusal.BadPassword => (Fault.Password, texts.BadPassword),
            _ => (Fault.Form, refused.Message),
        };

    public (Fault Where, string Problem) Explain(StorageException fault) =>
        (Fault.Form, fault.DiskFull ? texts.DiskFull : texts.FormOld);
}
