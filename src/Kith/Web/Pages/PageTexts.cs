using System.Globalization;

namespace Kith.Web.Pages;

/// <summary>What the pages say, in one language. Calm, warm, plain: words of the family, not of the protocol.</summary>
internal abstract class PageTexts
{
    private static readonly PageTexts[] _all = [new EnglishTexts(), new GermanTexts()];

    /// <summary>The language that the visitor prefers of those we have; else the home's, else English.</summary>
    public static PageTexts For(HttpRequest request, string? homeLanguage)
    {
        var wanted = request
            .Headers.AcceptLanguage.ToString()
            .Split(',', 20, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(Parse)
            .Where(language => language.Weight > 0)
            .OrderByDescending(language => language.Weight)
            .Select(language => language.Name);
        foreach (string name in wanted.Append(homeLanguage ?? "en"))
        foreach (PageTexts texts in _all)
            if (name.Split('-')[0].Equals(texts.Language, StringComparison.OrdinalIgnoreCase))
                return texts;
        return _all[0];
    }

    // RFC 9110 §12.5.4.
    private static (string Name, double Weight) Parse(string part)
    {
        string[] halves = part.Split(';', 2, StringSplitOptions.TrimEntries);
        if (halves.Length == 1)
            return (halves[0], 1);
        bool valid = double.TryParse(
            halves[1].Replace("q=", "", StringComparison.OrdinalIgnoreCase),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out double weight
        );
        return (halves[0], valid ? weight : 0);
    }

    public abstract string Language { get; }

    public abstract string Day(DateTimeOffset moment);

    // ---- the app on a device's own screen ----

    public abstract string AppIs { get; }
    public abstract string NewChat { get; }
    public abstract string NewGroup { get; }

    // ---- who invites whom ----

    public abstract string Invites(string? who);
    public abstract string InvitesTitle(string? who, string home);
    public abstract string ToHome(string home);
    public abstract string Lead(string? circle, Xmpp.Server.Stores.Role role);
    public abstract string Until(string day);
    public abstract string WantsToChat(string who);
    public abstract string ContactLead(string who);

    // ---- the form ----

    public abstract string Name { get; }
    public abstract string AddressHint(string address);
    public abstract string Password { get; }
    public abstract string PasswordHint(int characters);
    public abstract string Create { get; }
    public abstract string HaveApp { get; }
    public abstract string OpenInApp { get; }
    public abstract string OpenLinkInApp { get; }
    public abstract string OpenInAppHint { get; }
    public abstract string OnPhone { get; }
    public abstract string OnPhoneHint { get; }
    public abstract string QrOfPage { get; }

    // ---- what may be wrong ----

    public abstract string NameTaken(string name);
    public abstract string NameKept(string name);
    public abstract string BadName { get; }
    public abstract string NoName { get; }
    public abstract string NameGiven(string name);
    public abstract string ShortPassword(int characters);
    public abstract string BadPassword { get; }
    public abstract string FormOld { get; }
    public abstract string DiskFull { get; }

    // ---- a new password ----

    public abstract string ResetTitle(string who);
    public abstract string ResetLead(string home);
    public abstract string NewPassword { get; }
    public abstract string SetPassword { get; }

    // ---- links that lead nowhere ----

    public abstract string UnknownTitle { get; }
    public abstract string UnknownLead { get; }
    public abstract string UsedTitle { get; }
    public abstract string UsedLead(string? who);
    public abstract string OverTitle { get; }
    public abstract string OverLead(string? who);
    public abstract string ResetUsedTitle { get; }
    public abstract string ResetUsedLead { get; }
    public abstract string ResetOverTitle { get; }
    public abstract string ResetOverLead { get; }
    public abstract string TooManyTitle { get; }
    public abstract string TooManyLead { get; }

    // ---- how to connect ----

    public abstract string Welcome(string who);
    public abstract string PasswordSet(string who);
    public abstract string WelcomeLead(bool withClient);
    public abstract string InBrowser { get; }
    public abstract string PasswordSetLead { get; }
    public abstract string YourAddress { get; }
    public abstract string QrOfAddress { get; }
    public abstract string FriendsScan { get; }
    public abstract string AddressLink { get; }
    public abstract string ConnectTitle { get; }
    public abstract string ConnectElsewhere { get; }
    public abstract string Android { get; }
    public abstract string Apple { get; }
    public abstract string Desktop { get; }
    public abstract string Get { get; }
    public abstract string GetApp(string app);
    public abstract string HowTo(string app);
    public abstract string ByHand { get; }
    public abstract string ByHandHint(string domain, string port);
    public abstract string WasItYou { get; }
}
