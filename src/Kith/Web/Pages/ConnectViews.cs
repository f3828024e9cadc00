namespace Kith.Web.Pages;

/// <summary>How to get in with an app, and the page that shows it when an account or a password is new.</summary>
/// <param name="port">Where apps connect that cannot find out by themselves; 0 for none.</param>
internal sealed class ConnectViews(PageTexts texts, string domain, int port)
{
    /// <param name="withClient">There is a web client to continue in.</param>
    public Page Welcome(string name, bool isNew, Device device, bool withClient)
    {
        string who = InviteViews.Person(name);
        string address = $"{name}@{domain}";
        string uri = $"xmpp:{Uri.EscapeDataString(name)}@{domain}";
        return new Page(
            isNew ? texts.Welcome(who) : texts.PasswordSet(who),
            name,
            isNew ? texts.Welcome(who) : texts.PasswordSet(who),
            null,
            $"""
            <p>{(isNew ? texts.WelcomeLead(withClient) : texts.PasswordSetLead)}</p>
            <section class="address">
            <h2>{texts.YourAddress}</h2>
            <p class="big">{address}</p>
            </section>
            {(
                withClient
                    ? (Html)$"""<p><a class="button" href="{FirstSession.Start}">{texts.InBrowser}</a></p>"""
                    : Html.None
            )}
            {Apps(device)}
            <section>
            {QrSvg.Of(uri, texts.QrOfAddress)}
            <p class="small center">{texts.FriendsScan} {texts.AddressLink}: <a href="{uri}">{uri}</a></p>
            </section>
            """
        );
    }

    /// <summary>The visitor's device first, the others at hand.</summary>
    public Html Apps(Device device)
    {
        Device[] others = [.. Enum.GetValues<Device>().Where(other => other != device)];
        return $"""
            <section>
            <h2>{texts.ConnectTitle}: {Name(device)}</h2>
            {List(device)}
            <details>
            <summary>{texts.ConnectElsewhere}</summary>
            {others.Select(other => (Html)$"<h3>{Name(other)}</h3>{List(other)}")}
            </details>
            {(port == 0 ? Html.None : ByHand())}
            </section>
            """;
    }

    private Html ByHand() =>
        $"""
            <details>
            <summary>{texts.ByHand}</summary>
            <p class="small">{texts.ByHandHint(
                domain,
                port.ToString(System.Globalization.CultureInfo.InvariantCulture)
            )}</p>
            </details>
            """;

    private string Name(Device device) =>
        device switch
        {
            Device.Android => texts.Android,
            Device.Apple => texts.Apple,
            _ => texts.Desktop,
        };

    private Html List(Device device) =>
        $"""<ul class="apps">{Pages.Apps.All.Where(app => app.Device == device).Select(Entry)}</ul>""";

    private Html Entry(App app) =>
        $"""
            <li><div><strong>{app.Name}</strong><p>{texts.HowTo(app.Name)}</p></div>
            <a class="button second" href="{app.Link}" rel="noopener noreferrer" aria-label="{texts.GetApp(
                app.Name
            )}">{texts.Get}</a></li>
            """;
}
