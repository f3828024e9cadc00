using System.Globalization;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Extensions;
using Xmpp.Server.Stores;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0215: where the household finds STUN and TURN, and with what it gets in.</summary>
public sealed class ExternalServicePlays
{
    private const string Services = "urn:xmpp:extdisco:2";
    private const string Host = "home.example";
    private const string Tomorrow = "2026-03-15T09:26:53Z";

    private sealed class Relay : IExternalServices
    {
        public List<string> Ended { get; } = [];
        public List<string> Revoked { get; } = [];

        public IReadOnlyList<ExternalService> Services { get; } =
        [
            new("stun", Host, 3478, "udp", IsRestricted: false),
            new("turn", Host, 3478, "udp", IsRestricted: true),
            new("turn", Host, 3478, "tcp", IsRestricted: true),
            new("turns", Host, 5349, "tcp", IsRestricted: true),
            new("turns", Host, 443, "tcp", IsRestricted: true),
        ];

        public (string Username, string Password) Issue(string account, long device, DateTimeOffset expires) =>
            (account + expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), "sesame");

        public void Revoke(string account) => Revoked.Add(account);

        public void End(string account) => Ended.Add(account);

        public void EndDevice(string account, long device) =>
            Ended.Add(string.Create(CultureInfo.InvariantCulture, $"{account}/{device}"));
    }

    private static Task<Play> Start(Framing framing, Relay relay) =>
        Play.StartAsync(framing, options => options with { ExternalServices = relay });

    private static string Get(string payload, string? to = Play.Domain) =>
        $"<iq type='get'{(to is null ? "" : $" to='{to}'")}>{payload}</iq>";

    private static string Error(string condition) =>
        $"<iq type='error'><error><{condition} xmlns='{Ns.StanzaErrors}'/></error></iq>";

    private static string Service(
        string type,
        int port,
        string transport,
        string account = "romeo",
        string until = Tomorrow
    )
    {
        string seconds = DateTimeOffset
            .Parse(until, CultureInfo.InvariantCulture)
            .ToUnixTimeSeconds()
            .ToString(CultureInfo.InvariantCulture);
        return $"""
            <service type='{type}' host='{Host}' port='{port}' transport='{transport}' restricted='1'
              username='{account}{seconds}' password='sesame' expires='{until}'/>
            """;
    }

    // §3.1, §5.
    [Theory, Framings]
    public async Task A_client_finds_all_services_with_a_credential_for_a_day(Framing framing)
    {
        await using Play play = await Start(framing, new Relay());
        Actor romeo = await play.Connect("romeo", "phone");
        await romeo.Ask(
            Get($"<query xmlns='{Ns.DiscoInfo}'/>"),
            $"<iq type='result'><query xmlns='{Ns.DiscoInfo}'><feature var='{Services}'/></query></iq>"
        );
        await romeo.Ask(
            Get($"<services xmlns='{Services}'/>"),
            $"""
            <iq type='result'><services xmlns='{Services}'>
              <service type='stun' host='{Host}' port='3478' transport='udp'/>
              {Service("turn", 3478, "udp")}{Service("turn", 3478, "tcp")}
              {Service("turns", 5349, "tcp")}{Service("turns", 443, "tcp")}
            </services></iq>
            """
        );
    }

    // §3.2.
    [Theory, Framings]
    public async Task A_client_may_ask_for_one_type(Framing framing)
    {
        await using Play play = await Start(framing, new Relay());
        Actor romeo = await play.Connect("romeo", "phone");
        var list = (await romeo.Ask(Get($"<services xmlns='{Services}' type='turn'/>"), "<iq type='result'/>")).Find(
            "services"
        );
        list.Attribute("type")!.Value.ShouldBe("turn");
        list.Elements().Select(each => each.Attribute("transport")!.Value).ShouldBe(["udp", "tcp"]);
        await romeo.Ask(
            Get($"<services xmlns='{Services}' type='ftp'/>"),
            $"<iq type='result'><services xmlns='{Services}' type='ftp'/></iq>"
        );
    }

    // §3.3.
    [Theory, Framings]
    public async Task A_client_may_ask_for_credentials_of_a_service_that_it_knows(Framing framing)
    {
        await using Play play = await Start(framing, new Relay());
        Actor romeo = await play.Connect("romeo", "phone");
        string Ask(string service) => Get($"<credentials xmlns='{Services}'>{service}</credentials>");
        await romeo.Ask(
            Ask($"<service host='HOME.example' type='turns' port='443'/>"),
            $"<iq type='result'><credentials xmlns='{Services}'>{Service("turns", 443, "tcp")}</credentials></iq>"
        );
        await romeo.Ask(
            Ask($"<service host='{Host}' type='turn'/>"),
            $"""
            <iq type='result'><credentials xmlns='{Services}'>
              {Service("turn", 3478, "udp")}{Service("turn", 3478, "tcp")}</credentials></iq>
            """
        );
        await romeo.Ask(Ask($"<service host='{Host}' type='stun'/>"), Error("item-not-found"));
        await romeo.Ask(Ask("<service host='other.example' type='turn'/>"), Error("item-not-found"));
        await romeo.Ask(Ask($"<service host='{Host}' type='turn' port='1'/>"), Error("item-not-found"));
        await romeo.Ask(Ask($"<service host='{Host}'/>"), Error("bad-request"));
        await romeo.Ask(Ask(""), Error("bad-request"));
    }

    // Reach 2: calls are for limited accounts and guests too; a guest's credential ends with the guest.
    [Theory, Framings]
    public async Task Children_and_guests_get_them_too(Framing framing)
    {
        await using Play play = await Start(framing, new Relay());
        await play.AddAccount("tybalt", Role.Limited, "Verona");
        Actor tybalt = await play.Connect("tybalt", "phone");
        await tybalt.Ask(
            Get($"<services xmlns='{Services}' type='turns'/>"),
            $"<iq type='result'><services xmlns='{Services}'>{Service("turns", 443, "tcp", "tybalt")}</services></iq>"
        );
        await play.AddAccount("paris", Role.Member, "Verona");
        await play.Server.Home.People.SetRoleAsync("paris", Role.Guest);
        Actor paris = await play.Connect("paris", "phone");
        DateTimeOffset end = play.Server.Accounts.Find("paris").ShouldNotBeNull().Record.Expires.ShouldNotBeNull();
        await play.Advance(end - play.Server.Time.GetUtcNow() - TimeSpan.FromHours(2));
        string until = end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        await paris.Ask(
            Get($"<services xmlns='{Services}' type='turns'/>"),
            $"<iq type='result'><services xmlns='{Services}'>{Service("turns", 443, "tcp", "paris", until)}</services></iq>"
        );
    }

    // It is the domain that is asked.
    [Theory, Framings]
    public async Task An_account_offers_no_services(Framing framing)
    {
        await using Play play = await Start(framing, new Relay());
        Actor romeo = await play.Connect("romeo", "phone");
        await romeo.Ask(Get($"<services xmlns='{Services}'/>", to: null), Error("service-unavailable"));
    }

    [Theory, Framings]
    public async Task Where_there_is_no_relay_there_is_nothing(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        await romeo.Ask(Get($"<services xmlns='{Services}'/>"), Error("service-unavailable"));
    }

    // Reach 9.
    [Theory, Framings]
    public async Task Who_is_locked_or_removed_loses_the_relay_at_once(Framing framing)
    {
        var relay = new Relay();
        await using Play play = await Start(framing, relay);
        await play.AddAccount("romeo", Role.Member);
        await play.AddAccount("juliet", Role.Member);
        await play.Server.Home.People.LockAsync("romeo");
        await play.Server.Home.People.RemoveAsync("juliet");
        relay.Ended.ShouldBe(["romeo", "juliet"]);
    }

    // security.md, "Web": a password change ends all but the session that asked, whose call goes on.
    [Theory, Framings]
    public async Task Who_changes_the_password_takes_the_relay_from_others_and_keeps_the_call(Framing framing)
    {
        var relay = new Relay();
        await using Play play = await Start(framing, relay);
        Actor romeo = await play.Connect("romeo", "phone");
        await romeo.Ask(
            $"""
            <iq type='set' to='{Play.Domain}'><query xmlns='jabber:iq:register'>
              <username>romeo</username><password>a better one</password></query></iq>
            """,
            "<iq type='result'/>"
        );
        relay.Revoked.ShouldBe(["romeo"]);
        relay.Ended.ShouldBeEmpty();
        await play.Server.Home.People.SetPasswordAsync("romeo", "one that an admin chose");
        relay.Ended.ShouldBe(["romeo"]);
    }

    // Laws, "A device": what it was given ends with it, and with its signing out for good (XEP-0484 §3.6).
    [Theory, Framings]
    public async Task What_a_device_was_given_ends_with_it(Framing framing)
    {
        var relay = new Relay();
        await using Play play = await Start(framing, relay);
        await play.AddAccount("romeo");
        string token = await SignIn2.FirstTokenAsync(play, "romeo");
        (Actor phone, _) = await SignIn2.TryTokenAsync(play, "romeo", token, SignIn2.Fast + SignIn2.Bind);
        string id = play.Account("romeo").Sessions[0].Device.ToString(CultureInfo.InvariantCulture);
        await SignIn2.TryTokenAsync(play, "romeo", token, "<fast xmlns='urn:xmpp:fast:0' invalidate='true'/>");
        relay.Ended.ShouldBe([$"romeo/{id}"]);
        await phone.ExpectEnd("not-authorized");
        phone.IsBound = false;

        (phone, _) = await SignIn2.EnterAsync(play, "romeo");
        id = play.Account("romeo").Sessions.Single().Device.ToString(CultureInfo.InvariantCulture);
        await play.Server.Home.People.SetPasswordAsync("romeo", "what is in a name");
        await phone.Connection.Served;
        phone.IsBound = false;
        relay.Ended.Clear();

        Actor laptop = await SignIn2.OpenAsync(play, "romeo");
        var better = new Xmpp.Sasl.PlainClient("romeo", "what is in a name");
        await SignIn2.AuthenticateAsync(laptop, better, SignIn2.Bind, SignIn2.Laptop);
        await laptop.Ask($"<iq type='set'><revoke xmlns='urn:xmpp:cam:0' id='{id}'/></iq>", "<iq type='result'/>");
        relay.Ended.ShouldBe([$"romeo/{id}"]);
        relay.Revoked.ShouldBeEmpty();
    }
}
