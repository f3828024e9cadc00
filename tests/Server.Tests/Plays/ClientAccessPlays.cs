using System.Globalization;
using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Household;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0494: who may use the account, and ending that (laws, "A device").</summary>
public sealed class ClientAccessPlays
{
    private const string List = "<iq type='get'><list xmlns='urn:xmpp:cam:0'/></iq>";

    private static string Revoke(string id) => $"<iq type='set'><revoke xmlns='urn:xmpp:cam:0' id='{id}'/></iq>";

    // A device that never typed the password, as one that was added by a page.
    private static async Task<Actor> ByTokenAlone(Play play, string name)
    {
        var agent = new UserAgent(SignIn2.Laptop, "Quarto", "Laptop");
        IssuedToken token = (
            await play.Server.FastTokens.IssueAsync(play.Account(name), agent, "HT-SHA-256-NONE", usedPassword: false)
        )!;
        Actor actor = await SignIn2.OpenAsync(play, name);
        await SignIn2.AuthenticateAsync(
            actor,
            new Xmpp.Sasl.HtClient(name, token.Token),
            SignIn2.Fast + SignIn2.ManagedBind,
            SignIn2.Laptop
        );
        return actor;
    }

    [Theory, Framings]
    public async Task Every_device_is_listed_with_how_it_signed_in(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        Actor old = await play.Bind("romeo", "old");
        await old.Leave();
        Actor laptop = await ByTokenAlone(play, "romeo");
        await play.Advance(TimeSpan.FromDays(2));
        (Actor phone, _) = await SignIn2.EnterAsync(play, "romeo", SignIn2.Bind + SignIn2.RequestToken);

        await phone.Ask(
            List,
            """
            <iq type='result'>
              <clients xmlns='urn:xmpp:cam:0'>
                <client connected='false' id='{any}' type='session'>
                  <first-seen>2026-03-14T09:26:53.000Z</first-seen><last-seen>2026-03-14T09:26:53.000Z</last-seen>
                  <auth><password/></auth><permission status='unrestricted'/>
                  <user-agent><software>old</software></user-agent>
                </client>
                <client connected='true' id='{any}' type='session'>
                  <first-seen>2026-03-14T09:26:53.000Z</first-seen><last-seen>2026-03-16T09:26:53.000Z</last-seen>
                  <auth><fast/></auth><permission status='unrestricted'/>
                  <user-agent><software>Folio</software><device>Phone</device></user-agent>
                </client>
                <client connected='true' id='{any}' type='session'>
                  <first-seen>2026-03-16T09:26:53.000Z</first-seen><last-seen>2026-03-16T09:26:53.000Z</last-seen>
                  <auth><password/><fast/></auth><permission status='unrestricted'/>
                  <user-agent><software>Folio</software><device>Phone</device></user-agent>
                </client>
              </clients>
            </iq>
            """
        );
        await laptop.Leave();
        await play.Settle();
        XElement after = await phone.Ask(List);
        XElement gone = after.Descendants().Where(e => e.Name.LocalName == "client").ElementAt(1);
        gone.ShouldMatch(
            "<client xmlns='urn:xmpp:cam:0' connected='false'><last-seen>2026-03-16T09:26:53.000Z</last-seen></client>"
        );
    }

    [Theory, Framings]
    public async Task A_revoked_device_is_out_at_once(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "old");
        Actor laptop = await ByTokenAlone(play, "romeo");
        string id = play.Account("romeo").Sessions[1].Device.ToString(CultureInfo.InvariantCulture);
        laptop.IsBound = false;

        await romeo.Ask(Revoke(id), "<iq type='result'/>");

        await laptop.ExpectEnd("not-authorized");
        await laptop.Connection.Served;
        play.Account("romeo").Sessions.ShouldHaveSingleItem();
        (await romeo.Ask(List)).Descendants().Count(e => e.Name.LocalName == "client").ShouldBe(1);
        await romeo.Ask(
            Revoke(id),
            "<iq type='error'><error><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        );
    }

    // Laws, "A device": neither what is cut and waits nor what is about to bind gets any further.
    [Theory, Framings]
    public async Task Nothing_of_a_revoked_device_comes_back(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "old");
        Actor laptop = await ByTokenAlone(play, "romeo");
        string id = play.Account("romeo").Sessions[1].Device.ToString(CultureInfo.InvariantCulture);
        await laptop.Cut();
        play.Account("romeo").Sessions.Length.ShouldBe(2);
        IssuedToken token = (
            await play.Server.FastTokens.IssueAsync(
                play.Account("romeo"),
                new UserAgent(SignIn2.Laptop, "Quarto", "Laptop"),
                "HT-SHA-256-NONE",
                usedPassword: false
            )
        )!;
        (Actor half, XElement success) = await SignIn2.TryTokenAsync(play, "romeo", token.Token, agent: SignIn2.Laptop);
        success.Name.LocalName.ShouldBe("success");

        await romeo.Ask(Revoke(id), "<iq type='result'/>");
        await half.Send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");

        await half.ExpectEnd("not-authorized");
        await half.Connection.Served;
        await play.Settle();
        play.Account("romeo").Sessions.ShouldHaveSingleItem();
        (await romeo.Ask(List)).Descendants().Count(e => e.Name.LocalName == "client").ShouldBe(1);
    }

    // Signing 4: a browser that signed out without a network, or an app that was deleted; not what is still in use.
    [Theory, Framings]
    public async Task Devices_that_stay_away_end_when_another_signs_in(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        await play.Connect("romeo", "kept");
        (await ByTokenAlone(play, "romeo")).IsBound = false;
        await play.Account("romeo").Sessions[1].KickAsync(Xmpp.Xml.StreamErrorCondition.Reset);
        await play.Advance(Devices.Forgotten - TimeSpan.FromDays(1));
        Actor early = await play.Connect("romeo", "early");
        (await early.Ask(List)).Descendants().Count(e => e.Name.LocalName == "client").ShouldBe(3);
        await play.Advance(TimeSpan.FromDays(2));

        Actor late = await play.Connect("romeo", "late");

        (await late.Ask(List))
            .Descendants()
            .Where(e => e.Name.LocalName == "software")
            .Select(e => e.Value)
            .ShouldBe(["kept", "early", "late"], ignoreOrder: true);
    }

    // Even itself; the answer comes first.
    [Theory, Framings]
    public async Task A_device_may_revoke_itself(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        Actor laptop = await ByTokenAlone(play, "romeo");
        string id = play.Account("romeo").Sessions[0].Device.ToString(CultureInfo.InvariantCulture);
        laptop.IsBound = false;
        await laptop.Ask(Revoke(id), "<iq type='result'/>");
        await laptop.ExpectEnd("not-authorized");
    }

    // §3.2: the password would let it in again.
    [Theory, Framings]
    public async Task A_device_that_knows_the_password_needs_a_new_password(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, _) = await SignIn2.EnterAsync(play, await Named(play));
        string id = play.Account("romeo").Sessions[0].Device.ToString(CultureInfo.InvariantCulture);
        await romeo.Ask(
            Revoke(id),
            """
            <iq type='error'>
              <error type='cancel'>
                <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                <password-reset-required xmlns='urn:xmpp:cam:0'/>
              </error>
            </iq>
            """
        );
    }

    // After it, what knew the old password has nothing left to come in by.
    [Theory, Framings]
    public async Task After_a_new_password_old_devices_can_be_ended(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, _) = await SignIn2.EnterAsync(play, await Named(play));
        string id = play.Account("romeo").Sessions[0].Device.ToString(CultureInfo.InvariantCulture);
        phone.IsBound = false;
        await play.Server.Home.People.SetPasswordAsync("romeo", "what is in a name");
        await phone.Connection.Served;

        Actor laptop = await SignIn2.OpenAsync(play, "romeo");
        var better = new Xmpp.Sasl.PlainClient("romeo", "what is in a name");
        await SignIn2.AuthenticateAsync(laptop, better, SignIn2.Bind, SignIn2.Laptop);

        await laptop.Ask(Revoke(id), "<iq type='result'/>");
    }

    // Who may reach whom: nobody but the owner.
    [Theory, Framings]
    public async Task Nobody_sees_or_ends_anothers_devices(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        await ByTokenAlone(play, "romeo");
        string id = play.Account("romeo").Sessions[0].Device.ToString(CultureInfo.InvariantCulture);
        Actor tybalt = await play.Connect("tybalt", "tower");
        const string NotThere =
            "<iq type='error'><error><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
        await tybalt.Ask("<iq type='get' to='romeo@kith.test'><list xmlns='urn:xmpp:cam:0'/></iq>", NotThere);
        await tybalt.Ask(
            $"<iq type='set' to='romeo@kith.test'><revoke xmlns='urn:xmpp:cam:0' id='{id}'/></iq>",
            NotThere
        );
        await tybalt.Ask(
            Revoke(id),
            "<iq type='error'><error><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        );
        foreach (string absurd in new[] { "", "-1", "99999999999999999999", "&#x663;" })
            await tybalt.Ask(Revoke(absurd), "<iq type='error'/>");
    }

    private static async Task<string> Named(Play play) => (await play.AddAccount("romeo")).Name;
}
