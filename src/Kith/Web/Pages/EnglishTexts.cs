using System.Globalization;
using Xmpp.Server.Stores;

namespace Kith.Web.Pages;

internal sealed class EnglishTexts : PageTexts
{
    public override string Language => "en";

    public override string Day(DateTimeOffset moment) => moment.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    public override string AppIs => "The family’s own messenger";

    public override string NewChat => "New chat";

    public override string NewGroup => "New group";

    public override string Invites(string? who) => who is null ? "You are invited" : $"{who} invites you";

    public override string InvitesTitle(string? who, string home) => $"{Invites(who)} to {home}";

    public override string ToHome(string home) => $"to {home}";

    public override string Lead(string? circle, Role role) =>
        role switch
        {
            Role.Admin => "You will look after this home as an admin. ",
            Role.Limited => "This account is for a child: it talks with the people of its circle. ",
            Role.Guest => "You come as a guest. ",
            _ => "",
        }
        + (
            circle is null
                ? "Choose a name and a password, and you can begin to chat."
                : $"Choose a name and a password, and you can chat with everybody in the circle “{circle}” at once."
        );

    public override string Until(string day) => $"The invite is good until {day}.";

    public override string WantsToChat(string who) => $"{who} would like to chat with you";

    public override string ContactLead(string who) =>
        $"Open this invite in your chat app, and you and {who} are in each other’s contacts. Any app and any address that speaks XMPP will do.";

    public override string Name => "Name";

    public override string AddressHint(string address) => $"Your address will be {address}, and it stays.";

    public override string Password => "Password";

    public override string PasswordHint(int characters) =>
        $"At least {characters} characters. Three or four words are fine.";

    public override string Create => "Create my account";

    public override string HaveApp => "I have an app already";

    public override string OpenInApp => "Open the invite in my app";

    public override string OpenLinkInApp => "Open the link in my app";

    public override string OpenInAppHint =>
        "For Conversations, Cheogram, Monal, Gajim and other apps that know invites. The app then asks for name and password.";

    public override string OnPhone => "I would rather do this on my phone";

    public override string OnPhoneHint => "Point the phone’s camera at this code.";

    public override string QrOfPage => "QR code of this page";

    public override string NameTaken(string name) => $"The name {name} is taken. Please choose another one.";

    public override string NameKept(string name) =>
        $"The name {name} cannot be had at the moment. Please choose another one.";

    public override string BadName => "This cannot be a name: use letters and digits, dots and dashes, and no spaces.";

    public override string NoName => "Please choose a name.";

    public override string NameGiven(string name) => $"This invite is for the name {name}.";

    public override string ShortPassword(int characters) =>
        $"The password is too short: it needs at least {characters} characters.";

    public override string BadPassword => "This cannot be a password. Please choose another one.";

    public override string FormOld => "The page had been open for a while. Please try once more.";

    public override string DiskFull =>
        "This home’s disk is full, so nothing new can be kept. Please tell whoever looks after it.";

    public override string ResetTitle(string who) => $"A password for {who}";

    public override string ResetLead(string home) =>
        $"Choose your password for {home}. If you were signed in anywhere with another one, that ends.";

    public override string NewPassword => "New password";

    public override string SetPassword => "Set this password";

    public override string UnknownTitle => "This link leads nowhere";

    public override string UnknownLead =>
        "Perhaps a part of it was lost on the way, or it was taken back. Ask whoever sent it to you for a new one.";

    public override string UsedTitle => "This invite has been used";

    public override string UsedLead(string? who) =>
        $"Each invite is good for a number of people only. Ask {who ?? "whoever sent it"} for a new one.";

    public override string OverTitle => "This invite is over";

    public override string OverLead(string? who) =>
        $"Invites end after a while. Ask {who ?? "whoever sent it"} for a new one.";

    public override string ResetUsedTitle => "This link has been used";

    public override string ResetUsedLead =>
        "The password is set: sign in with it. If that was not you, tell whoever looks after your home at once.";

    public override string ResetOverTitle => "This link is over";

    public override string ResetOverLead => "Ask whoever looks after your home for a new one.";

    public override string TooManyTitle => "One moment, please";

    public override string TooManyLead =>
        "There were too many tries from here. Wait for ten minutes, then open your link again.";

    public override string Welcome(string who) => $"Welcome, {who}!";

    public override string PasswordSet(string who) => $"Done, {who}";

    public override string WelcomeLead(bool withClient) =>
        withClient
            ? "Your account is ready. Begin right here, or get an app and sign in there with your address and your password."
            : "Your account is ready. Now get an app, and sign in there with your address and your password.";

    public override string InBrowser => "Continue in the browser";

    public override string PasswordSetLead => "Your password is set. Sign in with it on all your devices.";

    public override string YourAddress => "Your address";

    public override string QrOfAddress => "QR code of your address";

    public override string FriendsScan => "Friends scan this to add you.";

    public override string AddressLink => "As a link";

    public override string ConnectTitle => "Get an app";

    public override string ConnectElsewhere => "For other devices";

    public override string Android => "Android";

    public override string Apple => "iPhone, iPad and Mac";

    public override string Desktop => "Computer";

    public override string Get => "Get it";

    public override string GetApp(string app) => $"Get it: {app}";

    public override string HowTo(string app) =>
        app switch
        {
            "Conversations" => "Choose “I already have an account”, then type your address and your password.",
            "Cheogram" => "Choose “I have an account”, then type your address and your password.",
            "Monal" => "Choose “Sign in”, then type your address and your password.",
            "Siskin" => "Choose “Use existing account”, then type your address and your password.",
            "Gajim" => "Choose “Log in”, then type your address and your password.",
            "Dino" => "Choose “Sign in”, then type your address, and your password after it.",
            _ => "For the terminal: type /connect and your address, then your password.",
        };

    public override string ByHand => "The app cannot find this home?";

    public override string ByHandHint(string domain, string port) =>
        $"Type the server in by hand: {domain}, port {port}.";

    public override string WasItYou => "Was it you? Then you have an account, and this is how to get in:";
}
