using Xmpp.Server.Stores;

namespace Kith.Web.Pages;

internal sealed class GermanTexts : PageTexts
{
    private static readonly string[] _months =
    [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ];

    public override string Language => "de";

    public override string Day(DateTimeOffset moment) => $"{moment.Day}. {_months[moment.Month - 1]} {moment.Year}";

    public override string AppIs => "Der eigene Messenger der Familie";

    public override string NewChat => "Neuer Chat";

    public override string NewGroup => "Neue Gruppe";

    public override string Invites(string? who) => who is null ? "Du bist eingeladen" : $"{who} lädt dich ein";

    public override string InvitesTitle(string? who, string home) => $"{Invites(who)}: {home}";

    public override string ToHome(string home) => $"zu {home}";

    public override string Lead(string? circle, Role role) =>
        role switch
        {
            Role.Admin => "Du kümmerst dich dann als Admin um dieses Zuhause. ",
            Role.Limited => "Dieses Konto ist für ein Kind: Es spricht mit den Leuten seines Kreises. ",
            Role.Guest => "Du kommst als Gast. ",
            _ => "",
        }
        + (
            circle is null
                ? "Such dir einen Namen und ein Passwort aus, und schon kannst du chatten."
                : $"Such dir einen Namen und ein Passwort aus, und schon kannst du mit allen im Kreis „{circle}“ chatten."
        );

    public override string Until(string day) => $"Die Einladung gilt bis zum {day}.";

    public override string WantsToChat(string who) => $"{who} möchte mit dir chatten";

    public override string ContactLead(string who) =>
        $"Öffne die Einladung in deiner Chat-App, und du und {who} steht gegenseitig in euren Kontakten. Jede App und jede Adresse, die XMPP spricht, ist recht.";

    public override string Name => "Name";

    public override string AddressHint(string address) => $"Deine Adresse wird {address}, und sie bleibt.";

    public override string Password => "Passwort";

    public override string PasswordHint(int characters) =>
        $"Mindestens {characters} Zeichen. Drei oder vier Wörter sind gut.";

    public override string Create => "Konto anlegen";

    public override string HaveApp => "Ich habe schon eine App";

    public override string OpenInApp => "Einladung in meiner App öffnen";

    public override string OpenLinkInApp => "Link in meiner App öffnen";

    public override string OpenInAppHint =>
        "Für Conversations, Cheogram, Monal, Gajim und andere Apps, die Einladungen kennen. Die App fragt dann nach Name und Passwort.";

    public override string OnPhone => "Ich mache das lieber am Handy";

    public override string OnPhoneHint => "Halte die Kamera des Handys auf diesen Code.";

    public override string QrOfPage => "QR-Code dieser Seite";

    public override string NameTaken(string name) => $"Den Namen {name} gibt es schon. Bitte wähle einen anderen.";

    public override string NameKept(string name) =>
        $"Der Name {name} ist gerade nicht zu haben. Bitte wähle einen anderen.";

    public override string BadName =>
        "Das kann kein Name sein: Nimm Buchstaben und Ziffern, Punkte und Striche, keine Leerzeichen.";

    public override string NoName => "Bitte wähle einen Namen.";

    public override string NameGiven(string name) => $"Diese Einladung ist für den Namen {name}.";

    public override string ShortPassword(int characters) =>
        $"Das Passwort ist zu kurz: Es braucht mindestens {characters} Zeichen.";

    public override string BadPassword => "Das kann kein Passwort sein. Bitte wähle ein anderes.";

    public override string FormOld => "Die Seite war schon eine Weile offen. Bitte versuch es noch einmal.";

    public override string DiskFull =>
        "Die Festplatte dieses Zuhauses ist voll, darum kann nichts Neues bleiben. Sag bitte denen Bescheid, die sich darum kümmern.";

    public override string ResetTitle(string who) => $"Ein Passwort für {who}";

    public override string ResetLead(string home) =>
        $"Such dir dein Passwort für {home} aus. Wo du noch mit einem anderen angemeldet warst, endet das.";

    public override string NewPassword => "Neues Passwort";

    public override string SetPassword => "Dieses Passwort nehmen";

    public override string UnknownTitle => "Dieser Link führt nirgendwohin";

    public override string UnknownLead =>
        "Vielleicht ging unterwegs ein Stück verloren, oder er wurde zurückgenommen. Bitte die Person, die ihn dir geschickt hat, um einen neuen.";

    public override string UsedTitle => "Diese Einladung ist verbraucht";

    public override string UsedLead(string? who) =>
        who is null
            ? "Jede Einladung gilt nur für eine Anzahl von Leuten. Bitte die Person, die sie dir geschickt hat, um eine neue."
            : $"Jede Einladung gilt nur für eine Anzahl von Leuten. Bitte {who} um eine neue.";

    public override string OverTitle => "Diese Einladung ist abgelaufen";

    public override string OverLead(string? who) =>
        who is null
            ? "Einladungen enden nach einer Weile. Bitte die Person, die sie dir geschickt hat, um eine neue."
            : $"Einladungen enden nach einer Weile. Bitte {who} um eine neue.";

    public override string ResetUsedTitle => "Dieser Link ist verbraucht";

    public override string ResetUsedLead =>
        "Das Passwort ist gesetzt: Melde dich damit an. Wenn du das nicht warst, sag sofort denen Bescheid, die sich um dein Zuhause kümmern.";

    public override string ResetOverTitle => "Dieser Link ist abgelaufen";

    public override string ResetOverLead => "Bitte die, die sich um dein Zuhause kümmern, um einen neuen.";

    public override string TooManyTitle => "Einen Moment, bitte";

    public override string TooManyLead =>
        "Von hier kamen zu viele Versuche. Warte zehn Minuten und öffne deinen Link dann noch einmal.";

    public override string Welcome(string who) => $"Willkommen, {who}!";

    public override string PasswordSet(string who) => $"Fertig, {who}";

    public override string WelcomeLead(bool withClient) =>
        withClient
            ? "Dein Konto ist da. Fang gleich hier an, oder hol dir eine App, und melde dich dort mit deiner Adresse und deinem Passwort an."
            : "Dein Konto ist da. Hol dir jetzt eine App, und melde dich dort mit deiner Adresse und deinem Passwort an.";

    public override string InBrowser => "Im Browser weitermachen";

    public override string PasswordSetLead => "Dein Passwort ist gesetzt. Melde dich damit auf all deinen Geräten an.";

    public override string YourAddress => "Deine Adresse";

    public override string QrOfAddress => "QR-Code deiner Adresse";

    public override string FriendsScan => "Freunde scannen das, um dich hinzuzufügen.";

    public override string AddressLink => "Als Link";

    public override string ConnectTitle => "Hol dir eine App";

    public override string ConnectElsewhere => "Für andere Geräte";

    public override string Android => "Android";

    public override string Apple => "iPhone, iPad und Mac";

    public override string Desktop => "Computer";

    public override string Get => "Holen";

    public override string GetApp(string app) => $"Holen: {app}";

    public override string HowTo(string app) =>
        app switch
        {
            "Conversations" => "Wähle „Ich habe bereits ein Konto“, dann gib Adresse und Passwort ein.",
            "Cheogram" => "Wähle „Ich habe ein Konto“, dann gib Adresse und Passwort ein.",
            "Monal" => "Wähle „Anmelden“, dann gib Adresse und Passwort ein.",
            "Siskin" => "Wähle „Bestehendes Konto verwenden“, dann gib Adresse und Passwort ein.",
            "Gajim" => "Wähle „Anmelden“, dann gib Adresse und Passwort ein.",
            "Dino" => "Wähle „Anmelden“, dann gib die Adresse und danach das Passwort ein.",
            _ => "Fürs Terminal: Gib /connect und deine Adresse ein, dann das Passwort.",
        };

    public override string ByHand => "Die App findet dieses Zuhause nicht?";

    public override string ByHandHint(string domain, string port) =>
        $"Gib den Server von Hand ein: {domain}, Port {port}.";

    public override string WasItYou => "Warst du das? Dann hast du ein Konto, und so kommst du hinein:";
}
