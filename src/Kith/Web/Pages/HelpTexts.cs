namespace Kith.Web.Pages;

/// <summary>What <c>/help</c> says, in one language. <c>{0}</c> is the home's name.</summary>
internal sealed partial record HelpTexts
{
    /// <summary>In the language of the other texts.</summary>
    public static HelpTexts For(PageTexts texts) => texts.Language == "de" ? German : English;

    public required string Title { get; init; }
    public required string Lead { get; init; }

    public required string Browser { get; init; }
    public required string BrowserHow { get; init; }
    public required string Open { get; init; }

    public required string ByHand { get; init; }
    public required string ByHandHow { get; init; }
    public required string Server { get; init; }
    public required string Port { get; init; }
    public required string DirectPort { get; init; }
    public required string Address { get; init; }
    public required string AddressForm { get; init; }

    public required string Encryption { get; init; }
    public required string OnTheWay { get; init; }
    public required string WithLock { get; init; }
    public required string WithoutLock { get; init; }
    public required string NotHidden { get; init; }
    public required string NewDevice { get; init; }
    public required string Calls { get; init; }

    public required string Trouble { get; init; }
    public required string Forgotten { get; init; }
    public required string Lost { get; init; }
    public required string Friends { get; init; }
}
