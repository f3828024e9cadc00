using Shouldly;
using Xmpp.Addresses;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

public sealed class PubSubStoreTests : IDisposable
{
    private static readonly Jid _anna = Home.Jid("anna@home.example/phone");
    private static readonly NodeConfiguration _ordinary = new()
    {
        Flags = NodeFlags.PersistItems | NodeFlags.DeliverNotifications,
        MaxItems = 3,
        MaxPayload = 1000,
    };

    private readonly Home _home = new();

    public void Dispose() => _home.Dispose();

    private Task<long> AddNode(long? account, string name, NodeConfiguration? configuration = null) =>
        _home.Write(t =>
            _home.PubSub.Add(
                t,
                new NodeRecord
                {
                    Account = account,
                    Name = name,
                    Created = _home.Clock.GetUtcNow(),
                    Creator = _anna.Bare,
                    Configuration = configuration ?? _ordinary,
                }
            )
        );

    private Task Put(long node, string name, int bytes = 2) =>
        _home.Write(t =>
            _home.PubSub.Put(t, node, new ItemRecord(name, _anna, _home.Clock.GetUtcNow(), new byte[bytes]))
        );

    private ItemPage Page(long node, ItemQuery query) => _home.Read(a => _home.PubSub.Items(a, node, query));

    private IEnumerable<string> Names(long node, ItemQuery? query = null) =>
        Page(node, query ?? new ItemQuery()).Items.Select(item => item.Name);

    [Fact]
    public async Task A_node_is_kept_as_it_was_written_and_configured()
    {
        long anna = await _home.AddAccount("anna");
        var configuration = new NodeConfiguration
        {
            Access = AccessModel.Roster,
            Publish = PublishModel.Subscribers,
            SendLast = SendLast.OnSubscription,
            Flags = NodeFlags.NotifyRetract | NodeFlags.Subscribe,
            MaxItems = int.MaxValue,
            MaxPayload = 4711,
            Title = "T",
            Description = "D",
            Type = "urn:t",
            Groups = ["Friends", "A\nB"],
        };
        long id = await AddNode(anna, "n");
        await _home.Write(t => _home.PubSub.Configure(t, id, configuration));
        _home.Reopen();

        NodeRecord node = _home.Read(a => _home.PubSub.Find(a, anna, "n")).ShouldNotBeNull();
        node.Configuration.Groups.ShouldBe(configuration.Groups);
        (node.Configuration with { Groups = configuration.Groups }).ShouldBe(configuration);
        (node.Id, node.Account, node.Creator).ShouldBe((id, anna, _anna.Bare));
        node.Created.ShouldBe(_home.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Names_are_an_accounts_own_and_the_service_has_its_own_too()
    {
        long anna = await _home.AddAccount("anna");
        long ben = await _home.AddAccount("ben");
        long own = await AddNode(anna, "n");
        long service = await AddNode(null, "n");
        await Should.ThrowAsync<StorageException>(() => AddNode(null, "n"));
        await Should.ThrowAsync<StorageException>(() => AddNode(anna, "n"));
        await AddNode(ben, "m");

        _home.Read(a => _home.PubSub.Find(a, anna, "n"))!.Id.ShouldBe(own);
        _home.Read(a => _home.PubSub.Find(a, null, "n"))!.Id.ShouldBe(service);
        _home.Read(a => _home.PubSub.Find(a, ben, "n")).ShouldBeNull();
        _home.Read(a => _home.PubSub.Nodes(a, null)).ShouldHaveSingleItem().Id.ShouldBe(service);
    }

    [Fact]
    public async Task What_is_published_again_is_the_newest()
    {
        long node = await AddNode(null, "n");
        foreach (string name in (string[])["a", "b", "c", "a"])
            await Put(node, name);

        Names(node).ShouldBe(["b", "c", "a"]);
        _home.Read(a => _home.PubSub.ItemNames(a, node, 2)).ShouldBe(["b", "c"]);
        ItemRecord last = _home.Read(a => _home.PubSub.Last(a, node)).ShouldNotBeNull();
        (last.Name, last.Publisher, last.Time).ShouldBe(("a", _anna, _home.Clock.GetUtcNow()));
        last.Payload.ShouldBe(new byte[2]);
    }

    [Fact]
    public async Task An_item_may_have_nothing_in_it()
    {
        long node = await AddNode(null, "n");
        await Put(node, "a", 0);
        _home.Read(a => _home.PubSub.Item(a, node, "a")).ShouldNotBeNull().Payload.ShouldBeEmpty();
        _home.Read(a => _home.PubSub.Item(a, node, "b")).ShouldBeNull();
    }

    [Fact]
    public async Task Items_come_in_pages_both_ways()
    {
        long node = await AddNode(null, "n");
        long other = await AddNode(null, "m");
        foreach (string name in (string[])["a", "b", "c", "d", "e"])
        {
            await Put(node, name);
            await Put(other, name);
        }

        ItemPage page = Page(node, new ItemQuery { Max = 2, After = "b" });
        (page.Count, page.FirstIndex).ShouldBe((5, 2));
        page.Items.Select(item => item.Name).ShouldBe(["c", "d"]);
        page = Page(node, new ItemQuery { Max = 2, Backwards = true });
        (page.Count, page.FirstIndex).ShouldBe((5, 3));
        page.Items.Select(item => item.Name).ShouldBe(["d", "e"]);
        Names(
                node,
                new ItemQuery
                {
                    Max = 2,
                    Before = "d",
                    Backwards = true,
                }
            )
            .ShouldBe(["b", "c"]);
        Names(node, new ItemQuery { Max = 2, Index = 3 }).ShouldBe(["d", "e"]);
        Names(node, new ItemQuery { MaxBytes = 5 }).ShouldBe(["a", "b"]);
        Names(node, new ItemQuery { MaxBytes = 1 }).ShouldBe(["a"]);
        Names(node, new ItemQuery { MaxBytes = 5, Backwards = true }).ShouldBe(["d", "e"]);
        Page(node, new ItemQuery { Max = 0 }).Count.ShouldBe(5);
        Should.Throw<KeyNotFoundException>(() => Page(node, new ItemQuery { After = "x" }));
    }

    [Fact]
    public async Task Items_are_retracted_trimmed_and_purged()
    {
        long anna = await _home.AddAccount("anna");
        long node = await AddNode(anna, "n");
        foreach (string name in (string[])["a", "b", "c", "d"])
            await Put(node, name);
        _home.Read(a => _home.PubSub.Bytes(a, anna)).ShouldBe(8);
        (await _home.Write(t => _home.PubSub.Retract(t, node, "c"))).ShouldBeTrue();
        (await _home.Write(t => _home.PubSub.Retract(t, node, "c"))).ShouldBeFalse();
        await _home.Write(t => _home.PubSub.Trim(t, node, 3));
        Names(node).ShouldBe(["a", "b", "d"]);
        await _home.Write(t => _home.PubSub.Trim(t, node, 2));
        Names(node).ShouldBe(["b", "d"]);
        await _home.Write(t => _home.PubSub.Purge(t, node));
        Names(node).ShouldBeEmpty();
        _home.Read(a => _home.PubSub.Last(a, node)).ShouldBeNull();
        _home.Read(a => _home.PubSub.Bytes(a, anna)).ShouldBe(0);
    }

    [Fact]
    public async Task People_have_their_affiliations_and_subscriptions()
    {
        long node = await AddNode(null, "n");
        Jid ben = Home.Jid("ben@home.example");
        Jid tablet = Home.Jid("ben@home.example/tablet");
        await _home.Write(t =>
        {
            _home.PubSub.SetAffiliation(t, node, _anna, Affiliation.Owner);
            _home.PubSub.SetAffiliation(t, node, ben, Affiliation.Member);
            _home.PubSub.SetAffiliation(t, node, ben, Affiliation.Publisher);
            _home.PubSub.SetSubscription(t, node, ben, SubscriptionState.Pending);
            _home.PubSub.SetSubscription(t, node, tablet, SubscriptionState.Subscribed);
        });

        _home.Read(a => _home.PubSub.AffiliationOf(a, node, tablet)).ShouldBe(Affiliation.Publisher);
        _home.Read(a => _home.PubSub.AffiliationOf(a, node, Home.Jid("x@y"))).ShouldBe(Affiliation.None);
        _home.Read(a => _home.PubSub.Affiliations(a, node)).Count.ShouldBe(2);
        _home.Read(a => _home.PubSub.AffiliationsOf(a, null, ben)).ShouldBe([new("n", Affiliation.Publisher)]);
        _home
            .Read(a => _home.PubSub.Subscriptions(a, node))
            .ShouldBe([new(ben, SubscriptionState.Pending), new(tablet, SubscriptionState.Subscribed)]);
        _home.Read(a => _home.PubSub.SubscriptionsOf(a, null, ben)).Count.ShouldBe(2);
        _home.Read(a => _home.PubSub.SubscriptionsOf(a, 7, ben)).ShouldBeEmpty();

        await _home.Write(t => _home.PubSub.SetSubscription(t, node, ben, null));
        _home.Read(a => _home.PubSub.Subscriptions(a, node)).ShouldHaveSingleItem();
        await _home.Write(t => _home.PubSub.Forget(t, ben));
        _home.Read(a => _home.PubSub.Subscriptions(a, node)).ShouldBeEmpty();
        _home.Read(a => _home.PubSub.Affiliations(a, node)).ShouldBe([new(_anna.Bare, Affiliation.Owner)]);
    }

    [Fact]
    public async Task All_goes_with_the_node_and_the_node_with_its_account()
    {
        long anna = await _home.AddAccount("anna");
        foreach (string name in (string[])["n", "m"])
        {
            long node = await AddNode(anna, name);
            await Put(node, "a");
            await _home.Write(t => _home.PubSub.SetAffiliation(t, node, _anna, Affiliation.Owner));
            await _home.Write(t => _home.PubSub.SetSubscription(t, node, _anna, SubscriptionState.Subscribed));
        }
        await _home.Write(t => _home.PubSub.Remove(t, _home.PubSub.Find(t, anna, "n")!.Id));
        Tables.Count(_home, "pubsub_item").ShouldBe(1);
        await _home.Write(t => _home.Accounts.Remove(t, anna));
        foreach (string table in Tables.All(_home).Where(t => t.StartsWith("pubsub", StringComparison.Ordinal)))
            Tables.Count(_home, table).ShouldBe(0, table);
    }
}
