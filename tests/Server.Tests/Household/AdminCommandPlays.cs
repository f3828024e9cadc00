using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Household;

/// <summary>XEP-0133: admins, and nobody else, administer the household by commands at the domain; guardians their part.</summary>
public sealed class AdminCommandPlays
{
    private const string Admin = "http://jabber.org/protocol/admin";
    private const string Commands = "http://jabber.org/protocol/commands";
    private const string Quiet = "urn:kith:guardian#quiet-hours";

    private static string Command(string node, string inside = "") =>
        $"<iq type='set' to='kith.test'><command xmlns='{Commands}' node='{node}' action='execute'>{inside}</command></iq>";

    private static string Submit(string node, params (string Name, string[] Values)[] fields) =>
        Command(
            node.Contains(':', StringComparison.Ordinal) ? node : $"{Admin}#{node}",
            "<x xmlns='jabber:x:data' type='submit'>"
                + string.Concat(
                    fields.Select(field =>
                        $"<field var='{field.Name}'>{string.Concat(field.Values.Select(value => $"<value>{value}</value>"))}</field>"
                    )
                )
                + "</x>"
        );

    private static async Task<string[]> Values(
        Actor actor,
        string node,
        string field,
        params (string, string[])[] fields
    )
    {
        XElement answer = await actor.Ask(
            Submit(node, fields),
            $"<iq type='result'><command xmlns='{Commands}' status='completed'/></iq>"
        );
        return
        [
            .. answer
                .Descendants(XName.Get("field", "jabber:x:data"))
                .Where(each => each.Attribute("var")!.Value == field)
                .Elements()
                .Select(value => value.Value),
        ];
    }

    private static Task Do(Actor actor, string node, params (string, string[])[] fields) =>
        Values(actor, node, "", fields);

    private static async Task<string[]> Offered(Actor actor)
    {
        XElement items = await actor.Ask(
            $"<iq type='get' to='kith.test'><query xmlns='http://jabber.org/protocol/disco#items' node='{Commands}'/></iq>"
        );
        return [.. items.Descendants().Attributes("node").Select(node => node.Value)];
    }

    // §7: "A service SHOULD NOT offer … to unauthorized entities".
    [Theory, Framings]
    public async Task Only_admins_see_and_run_them(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna", Role.Admin);
        Actor anna = await play.Connect("anna", "phone");
        Actor romeo = await play.Connect("romeo", "phone");
        string[] nodes = [.. (await Offered(anna)).Where(node => node.StartsWith(Admin, StringComparison.Ordinal))];
        nodes.Length.ShouldBe(15);
        (await Offered(romeo)).ShouldNotContain(node =>
            node.StartsWith(Admin, StringComparison.Ordinal) || node == Quiet
        );
        foreach (string node in nodes.Append(Quiet))
            await romeo.Ask(
                Command(node),
                "<iq type='error'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
            );
        await anna.Ask(
            Command($"{Admin}#add-user"),
            $"<iq type='result'><command xmlns='{Commands}' status='executing'><x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE'/><field var='accountjid' type='jid-single'/></x></command></iq>"
        );
        await play.Server.Home.People.SetRoleAsync("anna", Role.Member);
        await anna.Ask(Command($"{Admin}#get-online-users-num"), "<iq type='error'/>");
    }

    // §4.1 to §4.5, §4.7.
    [Theory, Framings]
    public async Task People_are_added_locked_and_removed(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna", Role.Admin);
        Actor anna = await play.Connect("anna", "phone");
        await Do(
            anna,
            "add-user",
            ("accountjid", ["ben@kith.test"]),
            ("password", ["correct horse"]),
            ("password-verify", ["correct horse"])
        );
        await anna.Ask(
            Submit("add-user", ("accountjid", ["ben"]), ("password", ["correct horse"])),
            "<iq type='error'><error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        );
        await anna.Ask(
            Submit("add-user", ("accountjid", ["carl"]), ("password", ["correct horse"]), ("password-verify", ["x"])),
            "<iq type='error'/>"
        );
        (await Values(anna, "add-user", "landing-url", ("accountjid", ["carl"]))).ShouldHaveSingleItem();
        Actor romeo = await play.Connect("romeo", "phone");
        await Do(anna, "end-user-session", ("accountjids", ["romeo@kith.test/phone"]));
        await romeo.ExpectEnd("reset");
        await Do(anna, "disable-user", ("accountjids", ["ben@kith.test", "carl@kith.test"]));
        (await Values(anna, "get-disabled-users-list", "disableduserjids")).ShouldBe([
            "ben@kith.test",
            "carl@kith.test",
        ]);
        (await Values(anna, "get-disabled-users-num", "disabledusersnum")).ShouldBe(["2"]);
        await Do(anna, "reenable-user", ("accountjids", ["ben"]));
        play.Account("ben").Record.Locked.ShouldBeFalse();
        await Do(anna, "change-user-password", ("accountjid", ["ben"]), ("password", ["battery staple"]));
        await anna.Ask(
            Submit("change-user-password", ("accountjid", ["ben"]), ("password", ["x"])),
            "<iq type='error'/>"
        );
        // One that is not there spares the others; nobody does it to themselves.
        await anna.Ask(Submit("delete-user", ("accountjids", ["ben", "nobody"])), "<iq type='error'/>");
        await anna.Ask(Submit("delete-user", ("accountjids", ["ben", "anna"])), "<iq type='error'/>");
        await anna.Ask(Submit("delete-user"), "<iq type='error'/>");
        await Do(anna, "delete-user", ("accountjids", ["ben", "carl"]));
        (await Values(anna, "get-registered-users-list", "registereduserjids", ("max_items", ["1"]))).ShouldBe([
            "anna@kith.test",
        ]);
        (await Values(anna, "get-registered-users-num", "registeredusersnum")).ShouldBe(["2"]);
    }

    // §4.8 to §4.10, §4.18, §4.23.
    [Theory, Framings]
    public async Task They_tell_who_is_there_and_write_to_all(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna", Role.Admin);
        await play.AddAccount("ben");
        Actor anna = await play.Connect("anna", "phone");
        Actor romeo = await play.Connect("romeo", "phone");
        (await Values(anna, "get-online-users-list", "onlineuserjids")).ShouldBe([anna.Bare, romeo.Bare]);
        (await Values(anna, "get-online-users-num", "onlineusersnum")).ShouldBe(["2"]);
        (await Values(anna, "user-stats", "onlineresources", ("accountjid", [romeo.Bare]))).ShouldBe(["phone"]);
        (await Values(anna, "get-user-lastlogin", "lastlogin", ("accountjids", ["ben", "romeo"]))).ShouldBe([
            "never",
            "2026-03-14T09:26:53.000Z",
        ]);
        await Do(anna, "announce", ("announcement", ["The box moves", "to the cellar."]));
        foreach (Actor actor in (Actor[])[anna, romeo])
            await actor.Expect(
                "<message from='kith.test' type='chat'><body>The box moves\nto the cellar.</body></message>"
            );
        await anna.Ask(Submit("announce"), "<iq type='error'/>");
    }

    // What XEP-0133 has no word for: laws, "Limited accounts have guardians"; "Tokens".
    [Theory, Framings]
    public async Task Admins_name_guardians_and_make_links_for_new_passwords(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna", Role.Admin);
        Account ben = await play.AddAccount("ben", Role.Limited);
        Account dora = await play.AddAccount("dora");
        Actor anna = await play.Connect("anna", "phone");
        const string Guardians = "urn:kith:admin#guardians";
        play.Server.Home.Guardians.Of(ben).Select(each => each.Name).ShouldBe(["anna"]);
        play.Server.Home.Guardians.Wards(play.Account("anna")).ShouldBe(["ben"]);
        (
            await Values(
                anna,
                Guardians,
                "guardians",
                ("accountjid", ["ben@kith.test"]),
                ("guardians", ["dora@kith.test", "anna@kith.test"])
            )
        ).ShouldBe(["anna", "dora"]);
        play.Server.Home.Guardians.Of(ben).Select(each => each.Name).ShouldBe(["anna", "dora"]);
        (await Values(anna, Guardians, "guardians", ("accountjid", ["ben"]), ("guardians", ["dora"]))).ShouldBe([
            "dora",
        ]);
        play.Server.Home.Guardians.Wards(dora).ShouldBe(["ben"]);
        play.Server.Home.Guardians.Wards(play.Account("anna")).ShouldBeEmpty();
        await anna.Ask(Submit(Guardians, ("accountjid", ["dora"]), ("guardians", ["anna"])), "<iq type='error'/>");
        await anna.Ask(Submit(Guardians, ("accountjid", ["ben"]), ("guardians", ["nobody"])), "<iq type='error'/>");
        await Do(anna, Guardians, ("accountjid", ["ben"]));
        play.Server.Home.Guardians.Of(ben).Select(each => each.Name).ShouldBe(["anna"]);
        string page = (await Values(anna, "urn:kith:admin#reset", "landing-url", ("accountjid", ["dora"]))).Single();
        page.ShouldStartWith("https://kith.test/");
        Actor romeo = await play.Connect("romeo", "phone");
        foreach (string node in (string[])[Guardians, "urn:kith:admin#reset"])
            await romeo.Ask(Command(node), "<iq type='error'><error type='auth'/></iq>");
    }

    [Theory, Framings]
    public async Task Guardians_set_quiet_hours(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna", Role.Admin);
        await play.AddAccount("ben", Role.Limited);
        await play.Server.Home.Guardians.NameAsync("ben", ["anna"]);
        Actor anna = await play.Connect("anna", "phone");
        (await Offered(anna)).ShouldContain(Quiet);
        await Do(anna, Quiet, ("account", ["ben"]), ("hours", ["Mon-Tue 21:00-07:00", "Sat 09:00-10:00"]));
        QuietSchedule
            .Format(play.Server.Home.QuietHours.Of("ben"))
            .ShouldBe(["Mon 21:00-07:00", "Tue 21:00-07:00", "Sat 09:00-10:00"]);
        (await anna.Ask(Command(Quiet))).Value.ShouldContain("ben: Mon 21:00-07:00");
        await anna.Ask(Submit(Quiet, ("account", ["ben"]), ("hours", ["now"])), "<iq type='error'/>");
        await anna.Ask(Submit(Quiet, ("account", ["anna"]), ("hours", ["Mon 21:00-07:00"])), "<iq type='error'/>");
    }
}
