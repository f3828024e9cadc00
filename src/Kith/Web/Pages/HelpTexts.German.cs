namespace Kith.Web.Pages;

internal sealed partial record HelpTexts
{
    private static HelpTexts German { get; } =
        new()
        {
            Title = "Hilfe",
            Lead =
                "{0} ist ein eigener Messenger. Er läuft auf einem Gerät bei euch zu Hause: Keine Firma liest mit, und niemand braucht eine Telefonnummer.",
            Browser = "Im Browser",
            BrowserHow =
                "Nichts zu installieren: Öffne die Seite dieses Zuhauses und melde dich an. Über das Menü des Browsers kommt sie auf den Startbildschirm und sieht dort aus wie jede App.",
            Open = "Zu den Chats",
            ByHand = "Wenn eine App mehr wissen will",
            ByHandHow =
                "Den meisten Apps genügen deine Adresse und dein Passwort. Manche wollen wissen, wo dieses Zuhause ist:",
            Server = "Server",
            Port = "Port",
            DirectPort = "Port für direktes TLS",
            Address = "Deine Adresse",
            AddressForm = "dein Name, dann @{0}",
            Encryption = "Was die Verschlüsselung tut",
            OnTheWay =
                "Zwischen deinen Geräten und diesem Zuhause ist immer alles verschlüsselt. Unterwegs kann es niemand lesen.",
            WithLock =
                "Ein Chat mit geschlossenem Schloss ist außerdem von Gerät zu Gerät verschlüsselt. Dann kann nicht einmal euer Server seine Nachrichten, Fotos und Dateien lesen.",
            WithoutLock =
                "Nachrichten eines Chats ohne Schloss liegen lesbar auf eurem Server, für alle, die sich um ihn kümmern, und bei Freunden mit eigenem Server auch dort.",
            NotHidden =
                "Das Schloss verbirgt nicht, wer wem wann schreibt, auch nicht Namen, Bilder und Gruppen. Und es hilft nicht auf einem Gerät, das jemand anderes entsperren kann.",
            NewDevice =
                "Ein neues Gerät kann verschlüsselte Nachrichten aus der Zeit davor nicht lesen. Behalte das alte, bis du sie nicht mehr brauchst.",
            Calls =
                "Anrufe sind von Gerät zu Gerät verschlüsselt. Wenn die Geräte sich nicht direkt erreichen, reicht euer Server den Anruf weiter.",
            Trouble = "Wenn etwas nicht stimmt",
            Forgotten =
                "Passwort vergessen? Wer sich um dieses Zuhause kümmert, kann dir einen Link schicken, mit dem du ein neues wählst.",
            Lost =
                "Gerät verloren? Sag es gleich dem, der sich um dieses Zuhause kümmert: Es lässt sich aus der Ferne abmelden.",
            Friends =
                "Freunde anderswo? Alle mit einer XMPP-Adresse, auf welchem Server auch immer, lassen sich mit ihr hinzufügen.",
        };
}
