using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xunit;
using static Server.Tests.Plays.Eventing.Lines;

namespace Server.Tests.Plays.Eventing;

/// <summary>XEP-0384 in both namespaces; laws, "A device".</summary>
public sealed class OmemoPlays
{
    private const string Axolotl = "eu.siacs.conversations.axolotl";
    private const string List = Axolotl + ".devicelist";
    private const string Bundle = Axolotl + ".bundles:";
    private const string Devices = "urn:xmpp:omemo:2:devices";
    private const string Bundles = "urn:xmpp:omemo:2:bundles";

    private static string OldList(params int[] ids) =>
        $"<list xmlns='{Axolotl}'>{string.Concat(ids.Select(id => $"<device id='{id}'/>"))}</list>";

    private static string NewList(params int[] ids) =>
        $"<devices xmlns='urn:xmpp:omemo:2'>{string.Concat(ids.Select(id => $"<device id='{id}' label='D{id}'/>"))}</devices>";

    private const string OldBundle = $"<bundle xmlns='{Axolotl}'><identityKey>AA==</identityKey></bundle>";
    private const string NewBundle = "<bundle xmlns='urn:xmpp:omemo:2'><ik>AA==</ik></bundle>";

    private static async Task Announce(Actor actor, int id)
    {
        await actor.Ask(Publish(Bundle + id, "current", OldBundle, null, "access_model=open"), Result);
        await actor.Ask(Publish(Bundles, $"{id}", NewBundle, null, "access_model=open", "max_items=max"), Result);
    }

    // §5.3; Reach 2: whoever passes the gate may write to somebody for the first time.
    [Theory, Framings]
    public async Task Keys_are_open_to_strangers_and_those_of_the_limited_to_their_circle(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("child", Role.Limited, "Family");
        await play.AddAccount("mother", Role.Member, "Family");
        Actor child = await play.Connect("child", "tablet");
        Actor mother = await play.Connect("mother", "phone");
        Actor stranger = await play.Connect("stranger", "street");
        foreach (Actor actor in (Actor[])[child, mother])
        {
            // Without a word about access, as some apps do it.
            await actor.Ask(Publish(List, "current", OldList(1)), Result);
            await actor.Ask(Publish(Bundle + "1", "current", OldBundle), Result);
            await actor.Ask(Publish(Devices, "current", NewList(1)), Result);
            foreach (string id in (string[])["1", "2"])
                await actor.Ask(Publish(Bundles, id, NewBundle), Result);
        }
        foreach (string node in (string[])[List, Bundle + "1", Devices])
        {
            await stranger.Ask(Items(node, "", mother.Bare), Result);
            await mother.Ask(Items(node, "", child.Bare), Result);
            await stranger.Ask(Items(node, "", child.Bare), Error("service-unavailable"));
        }
        ItemIds(await stranger.Ask(Items(Bundles, "", mother.Bare))).ShouldBe(["1", "2"]);
        ItemIds(await stranger.Ask(Items(Bundles, "<item id='2'/>", mother.Bare))).ShouldBe(["2"]);
        await stranger.Ask(Items(Bundles, "<item id='3'/>", mother.Bare), Error("item-not-found"));
    }

    // XEP-0494 with laws, "A device": its id goes off the lists, its bundles go, and contacts hear of it.
    [Theory, Framings]
    public async Task A_device_that_ends_takes_its_keys_along(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        Actor lost = await play.Connect("juliet", "lost");
        await Announce(juliet, 1);
        await Announce(lost, 2);
        await juliet.Ask(Publish(List, "current", OldList(1, 2)), Result);
        await juliet.Ask(Publish(Devices, "current", NewList(1, 2)), Result);
        DeviceRecord device = Device(play, "lost");
        (device.OmemoAxolotl, device.Omemo).ShouldBe((2L, 2L));
        await play.Stores.Database.WriteAsync(transaction =>
            play.Stores.Accounts.SaveDevice(transaction, device with { UsedPassword = false })
        );
        await play.Interest(romeo, List, Devices, Bundles);
        romeo.Forget();

        await juliet.Ask($"<iq type='set'><revoke xmlns='urn:xmpp:cam:0' id='{device.Id}'/></iq>", Result);

        await lost.ExpectEnd("not-authorized");
        await romeo.ExpectAll(
            Event(juliet.Bare, List, $"<item id='current'>{OldList(1)}</item>"),
            Event(juliet.Bare, Devices, $"<item id='current'>{NewList(1)}</item>"),
            Event(juliet.Bare, Bundles, "<retract id='2'/>")
        );
        (await romeo.Ask(Items(List, "", juliet.Bare))).ToString().ShouldNotContain("id=\"2\"");
        await romeo.Ask(Items(Bundle + "2", "", juliet.Bare), Error("item-not-found"));
        await romeo.Ask(Items(Bundle + "1", "", juliet.Bare), Result);
        ItemIds(await romeo.Ask(Items(Bundles, "", juliet.Bare))).ShouldBe(["1"]);
    }

    // Signing 4: what it said just before its stream ended puts nothing back.
    [Theory, Framings]
    public async Task What_comes_late_from_a_device_that_ended_is_not_published(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor lost = await play.Connect("juliet", "lost");
        await juliet.Ask(Publish(Devices, "current", NewList(1)), Result);
        // As its row goes, and before its stream hears of it.
        await play.Stores.Database.WriteAsync(transaction =>
        {
            play.Stores.Accounts.RemoveDevice(transaction, Device(play, "lost").Id);
            return true;
        });

        await lost.Ask(Publish(Devices, "current", NewList(1, 2)), Error("not-authorized"));
        await lost.Ask(Publish(Bundles, "2", NewBundle), Error("not-authorized"));

        (await juliet.Ask(Items(Devices, ""))).ToString().ShouldNotContain("id=\"2\"");
        await juliet.Ask(Items(Bundles, ""), Error("item-not-found"));
    }

    // An app that is installed anew has another name and, restored, the same keys: the old row does not take them along.
    [Theory, Framings]
    public async Task Keys_hang_on_the_device_that_published_them_last(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        await Announce(juliet, 7);
        Actor again = await play.Connect("juliet", "again");
        await Announce(again, 7);
        (Device(play, "balcony").Omemo, Device(play, "balcony").OmemoAxolotl).ShouldBe((null, null));
        (Device(play, "again").Omemo, Device(play, "again").OmemoAxolotl).ShouldBe((7L, 7L));
        await juliet.Ask(Publish(Bundle + "nonsense", "current", OldBundle), Result);
        Device(play, "balcony").OmemoAxolotl.ShouldBeNull();
    }

    private static DeviceRecord Device(Play play, string resource)
    {
        using Access access = play.Stores.Database.OpenRead();
        return play
            .Stores.Accounts.Devices(access, play.Account("juliet").Id)
            .Single(device => device.Key == "resource:" + resource);
    }
}
