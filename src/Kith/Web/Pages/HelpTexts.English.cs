namespace Kith.Web.Pages;

internal sealed partial record HelpTexts
{
    private static HelpTexts English { get; } =
        new()
        {
            Title = "Help",
            Lead =
                "{0} is a messenger of your own. It runs on a box at home: no company reads along, and nobody needs a phone number.",
            Browser = "In the browser",
            BrowserHow =
                "Nothing to install: open this home’s page and sign in. From the browser’s menu you can put it on the home screen, where it looks like any app.",
            Open = "Open the chats",
            ByHand = "When an app asks for more",
            ByHandHow =
                "Your address and your password are enough for most apps. Some want to know where this home is:",
            Server = "Server",
            Port = "Port",
            DirectPort = "Port for direct TLS",
            Address = "Your address",
            AddressForm = "your name, then @{0}",
            Encryption = "What encryption does",
            OnTheWay =
                "Between your devices and this home everything is encrypted, always. Nobody on the way can read it.",
            WithLock =
                "A chat with a closed lock is encrypted from device to device as well. Then not even the box can read its messages, photos and files.",
            WithoutLock =
                "Messages of a chat without the lock lie readable on the box, for whoever looks after it, and on the servers of friends who have one.",
            NotHidden =
                "The lock does not hide who writes to whom and when, nor names, pictures and groups. And it does not help on a device that somebody else can unlock.",
            NewDevice =
                "A new device cannot read locked messages from before it was there. Keep the old one until you need them no more.",
            Calls =
                "Calls are encrypted from device to device. When they cannot reach each other, the box passes the call on.",
            Trouble = "When something is wrong",
            Forgotten =
                "You forgot your password? Whoever looks after this home can send you a link to choose a new one.",
            Lost = "You lost a device? Tell whoever looks after this home at once: it can be signed out from afar.",
            Friends =
                "You have friends elsewhere? Everybody with an XMPP address, on whatever server, can be added by that address.",
        };
}
