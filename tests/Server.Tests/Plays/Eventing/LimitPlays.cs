using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.PubSub;
using Xmpp.Server.Stores;
using Xunit;
using static Server.Tests.Plays.Eventing.Lines;

namespace Server.Tests.Plays.Eventing;

/// <summary>How much one account may keep, and what happens when it cannot be kept.</summary>
public sealed class LimitPlays
{
    private const string Node = "urn:example:n";

    [Theory, Framings]
    public async Task An_account_has_so_many_nodes(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        long id = play.Account("juliet").Id;
        await play.Stores.Database.WriteAsync(transaction =>
        {
            for (int i = 0; i < Limits.Nodes; i++)
                play.Stores.PubSub.Add(
                    transaction,
                    new NodeRecord
                    {
                        Account = id,
                        Name = $"n{i}",
                        Creator = play.Account("juliet").Jid,
                        Configuration = new() { Flags = NodeFlags.PersistItems, MaxPayload = 100 },
                    }
                );
        });
        await juliet.Ask(Publish("one more", "1", Note("x")), Error("policy-violation", "max-nodes-exceeded"));
        await juliet.Ask(Publish("n7", "1", Note("x")), Result);
    }

    [Theory, Framings]
    public async Task All_items_of_an_account_have_so_much_room(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        await juliet.Ask(Publish(Node, "1", Note("x"), null, "max_items=max"), Result);
        NodeHost host = play.Account("juliet").Nodes;
        // What is followed in memory is too much by what was replaced: it is added up anew, and there is room.
        host.Bytes = Limits.Bytes;
        await juliet.Ask(Publish(Node, "2", Note("x")), Result);
        host.Bytes!.Value.ShouldBeLessThan(200);

        byte[] large = new byte[1 << 20];
        await play.Stores.Database.WriteAsync(transaction =>
        {
            long node = play.Stores.PubSub.Find(transaction, play.Account("juliet").Id, Node)!.Id;
            for (int i = 0; i < Limits.Bytes >> 20; i++)
                play.Stores.PubSub.Put(transaction, node, new ItemRecord($"l{i}", host.Jid, default, large));
        });
        host.Bytes = null;
        await juliet.Ask(Publish(Node, "3", Note("x")), Error("resource-constraint"));
    }

    // Life 4: what could not be written is answered, and nobody has heard of it.
    [Theory, Framings]
    public async Task A_full_disk_says_so_and_tells_nobody(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        await play.Interest(romeo, Node);
        play.Disk.Hold();
        await juliet.Send(Publish(Node, "1", Note("x")).Insert("<iq".Length, " id='p1'"));
        await play.Disk.Holds(1);
        play.Disk.Fail(new StorageException("full") { DiskFull = true });
        (await juliet.Expect("<iq type='error' id='p1'/>")).Find("resource-constraint");
        play.Log.TakeFailures();
        await play.ExpectNothing(romeo);
        await juliet.Ask(Items(Node), Error("item-not-found"));
    }
}
