using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>What the box itself writes in chats, in the home's language. Words that answer it are understood in all of them.</summary>
internal abstract class BoxTexts
{
    private static readonly string[] _yes = ["yes", "y", "ja", "j"];
    private static readonly string[] _no = ["no", "n", "nein"];
    private static readonly string[] _list = ["list", "liste"];

    /// <summary>English where the language is not among ours.</summary>
    public static BoxTexts For(string? language) =>
        language is not null && language.Split('-')[0].Equals("de", StringComparison.OrdinalIgnoreCase)
            ? new German()
            : new English();

    public static bool IsYes(string word) => _yes.Contains(word, StringComparer.OrdinalIgnoreCase);

    public static bool IsNo(string word) => _no.Contains(word, StringComparer.OrdinalIgnoreCase);

    public static bool IsList(string word) => _list.Contains(word, StringComparer.OrdinalIgnoreCase);

    /// <summary>Who wants to reach whom, in one line.</summary>
    public abstract string Wish(ApprovalKind kind, string name, string address);

    /// <summary>To a guardian: it waits for an answer.</summary>
    public abstract string Ask(string wish, long id);

    /// <summary>To guardians: it is over.</summary>
    public abstract string Approved(string by, string name, string address);
    public abstract string Refused(string by, string name, string address);

    /// <summary>To the limited account, which had asked.</summary>
    public abstract string MayNow(string address);
    public abstract string MayNot(string address);
    public abstract string NothingWaits { get; }
    public abstract string NoSuchRequest(long id);
    public abstract string Which { get; }
    public abstract string Help { get; }

    /// <summary>Who decides where no person is named.</summary>
    public abstract string TheHouse { get; }

    /// <summary>The error that a limited account gets during its quiet hours.</summary>
    public abstract string Quiet { get; }

    /// <summary>Why a stream ends as they end.</summary>
    public abstract string QuietIsOver { get; }

    /// <summary>The error that it gets where a guardian has to approve first.</summary>
    public abstract string NotApproved { get; }

    /// <summary>To whoever sent something that came back when they were gone.</summary>
    public abstract string NotArrived(string address);
    public abstract string Report(string reporter, string contact, string reason, string? text);

    private sealed class English : BoxTexts
    {
        public override string Wish(ApprovalKind kind, string name, string address) =>
            kind switch
            {
                ApprovalKind.Outgoing => $"{name} wants to reach {address}",
                ApprovalKind.Incoming => $"{address} wrote to {name}",
                _ => $"{address} wants to become a contact of {name}",
            };

        public override string Ask(string wish, long id) => $"{wish}. Answer “yes {id}” or “no {id}”.";

        public override string Approved(string by, string name, string address) =>
            $"{by} said yes: {name} and {address} can reach each other.";

        public override string Refused(string by, string name, string address) =>
            $"{by} said no: {name} and {address} do not reach each other.";

        public override string MayNow(string address) => $"You can reach {address} now.";

        public override string MayNot(string address) => $"Your guardians said no to {address}.";

        public override string NothingWaits => "Nothing waits for an answer.";

        public override string NoSuchRequest(long id) => $"There is no request {id} that waits for you.";

        public override string Which => "Several wait. Write the number too:";

        public override string Help =>
            "I am the box that you chat through. “list” shows what waits for your answer; “yes 3” and “no 3” answer request 3.";

        public override string TheHouse => "The house";

        public override string Quiet => "It is quiet hours.";

        public override string QuietIsOver => "quiet hours are over";

        public override string NotApproved => "A guardian has to approve this address first.";

        public override string NotArrived(string address) =>
            $"Your message to {address} did not arrive: the server there could not be reached.";

        public override string Report(string reporter, string contact, string reason, string? text) =>
            $"{reporter} blocked {contact} and reports {Reason(reason)}{(text is null ? "" : ": " + text)}";

        private static string Reason(string reason) =>
            reason switch
            {
                "urn:xmpp:reporting:spam" => "unwanted messages",
                "urn:xmpp:reporting:abuse" => "abuse",
                _ => reason,
            };
    }

    private sealed class German : BoxTexts
    {
        public override string Wish(ApprovalKind kind, string name, string address) =>
            kind switch
            {
                ApprovalKind.Outgoing => $"{name} möchte {address} erreichen",
                ApprovalKind.Incoming => $"{address} hat {name} geschrieben",
                _ => $"{address} möchte ein Kontakt von {name} werden",
            };

        public override string Ask(string wish, long id) => $"{wish}. Antworte „ja {id}“ oder „nein {id}“.";

        public override string Approved(string by, string name, string address) =>
            $"{by} hat ja gesagt: {name} und {address} können einander erreichen.";

        public override string Refused(string by, string name, string address) =>
            $"{by} hat nein gesagt: {name} und {address} erreichen einander nicht.";

        public override string MayNow(string address) => $"Du kannst {address} jetzt erreichen.";

        public override string MayNot(string address) => $"Zu {address} wurde nein gesagt.";

        public override string NothingWaits => "Nichts wartet auf eine Antwort.";

        public override string NoSuchRequest(long id) => $"Es gibt keine Anfrage {id}, die auf dich wartet.";

        public override string Which => "Mehrere warten. Schreib die Nummer dazu:";

        public override string Help =>
            "Ich bin die Box, über die ihr chattet. „liste“ zeigt, was auf deine Antwort wartet; „ja 3“ und „nein 3“ beantworten Anfrage 3.";

        public override string TheHouse => "Das Haus";

        public override string Quiet => "Es ist Ruhezeit.";

        public override string QuietIsOver => "die Ruhezeit ist vorbei";

        public override string NotApproved => "Diese Adresse muss erst erlaubt werden.";

        public override string NotArrived(string address) =>
            $"Deine Nachricht an {address} ist nicht angekommen: Der Server dort war nicht zu erreichen.";

        public override string Report(string reporter, string contact, string reason, string? text) =>
            $"{reporter} hat {contact} blockiert und meldet {Reason(reason)}{(text is null ? "" : ": " + text)}";

        private static string Reason(string reason) =>
            reason switch
            {
                "urn:xmpp:reporting:spam" => "unerwünschte Nachrichten",
                "urn:xmpp:reporting:abuse" => "Missbrauch",
                _ => reason,
            };
    }
}
