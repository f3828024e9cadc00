using System.Globalization;
using Kith.Options;

namespace Kith.Web.Pages;

/// <summary><c>/help</c>: apps for each device and how they connect, and what encryption does and does not, in plain words.</summary>
/// <param name="withClient">There is a web client to open.</param>
internal sealed class HelpPage(KithOptions options, bool withClient)
{
    private readonly string _home = string.IsNullOrWhiteSpace(options.Home.Name) ? options.Domain : options.Home.Name;

    public static void Map(IEndpointRouteBuilder routes, KithOptions options, bool withClient)
    {
        var page = new HelpPage(options, withClient);
        routes.MapMethods("/help", [HttpMethods.Get, HttpMethods.Head], page.SendAsync);
    }

    private Task SendAsync(HttpContext http)
    {
        var texts = PageTexts.For(http.Request, options.Home.Language);
        var help = HelpTexts.For(texts);
        var connect = new ConnectViews(texts, options.Domain, port: 0);
        return Layout.SendAsync(
            http,
            StatusCodes.Status200OK,
            texts,
            new Page(
                $"{help.Title}: {_home}",
                _home,
                help.Title,
                null,
                $"""
                <p>{Fill(help.Lead, _home)}</p>
                {(withClient ? Browser(help) : Html.None)}
                {connect.Apps(Apps.DeviceOf(http.Request))}
                {ByHand(help)}
                {Section(
                    help.Encryption,
                    help.OnTheWay,
                    help.WithLock,
                    help.WithoutLock,
                    help.NotHidden,
                    help.NewDevice,
                    help.Calls
                )}
                {Section(help.Trouble, help.Forgotten, help.Lost, help.Friends)}
                """
            )
        );
    }

    private static string Fill(string text, string value) => string.Format(CultureInfo.InvariantCulture, text, value);

    private static Html Browser(HelpTexts help) =>
        $"""
            <section>
            <h2>{help.Browser}</h2>
            <p>{help.BrowserHow}</p>
            <p class="after"><a class="button" href="/">{help.Open}</a></p>
            </section>
            """;

    private Html ByHand(HelpTexts help) =>
        $"""
            <section>
            <h2>{help.ByHand}</h2>
            <p>{help.ByHandHow}</p>
            <dl>
            {Entry(help.Address, Fill(help.AddressForm, options.Domain))}
            {Entry(help.Server, options.Domain)}
            {Entry(help.Port, options.Listen.Client)}
            {Entry(help.DirectPort, options.Listen.ClientTls)}
            </dl>
            </section>
            """;

    private static Html Entry(string name, int port) =>
        port == 0 ? Html.None : Entry(name, port.ToString(CultureInfo.InvariantCulture));

    private static Html Entry(string name, string value) => $"<div><dt>{name}</dt><dd>{value}</dd></div>";

    private static Html Section(string title, params string[] paragraphs) =>
        $"""
            <section class="text">
            <h2>{title}</h2>
            {paragraphs.Select(paragraph => (Html)$"<p>{paragraph}</p>")}
            </section>
            """;
}
