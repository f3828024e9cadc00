using System.Globalization;
using Shouldly;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

/// <summary>XEP-0313 §4 and XEP-0059 §2 on one archive: ten messages, 0 to 9, the even ones with ben, the odd with carol.</summary>
public sealed class ArchivePagingTests : IAsyncLifetime
{
    private readonly Home _home = new();
    private readonly Conversation _talk;
    private readonly long[] _ids = new long[10];

    public ArchivePagingTests() => _talk = new Conversation(_home);

    public async ValueTask InitializeAsync()
    {
        for (int i = 0; i < 10; i++)
        {
            string peer = i % 2 == 0 ? "ben@away.example/phone" : "carol@away.example";
            _ids[i] = await _talk.With(1, peer, $"{i}");
            await _talk.With(2, peer, "somebody else's");
        }
    }

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void The_first_page_comes_oldest_first()
    {
        ArchivePage page = Page(new ArchiveQuery { Max = 4 });
        Shown(page).ShouldBe("0123");
        page.Complete.ShouldBeFalse();
        (page.Count, page.FirstIndex).ShouldBe((null, null));
    }

    [Fact]
    public void A_page_after_an_id_excludes_it()
    {
        Shown(Page(new ArchiveQuery { PageAfter = _ids[3], Max = 4 })).ShouldBe("4567");
        ArchivePage last = Page(new ArchiveQuery { PageAfter = _ids[7], Max = 4 });
        Shown(last).ShouldBe("89");
        last.Complete.ShouldBeTrue();
    }

    [Fact]
    public void A_page_that_ends_with_the_last_message_is_complete() =>
        Page(new ArchiveQuery { PageAfter = _ids[5], Max = 4 }).Complete.ShouldBeTrue();

    [Fact]
    public void The_last_page_comes_oldest_first_too()
    {
        ArchivePage page = Page(new ArchiveQuery { Backwards = true, Max = 3 });
        Shown(page).ShouldBe("789");
        page.Complete.ShouldBeFalse();
        Shown(
                Page(
                    new ArchiveQuery
                    {
                        Backwards = true,
                        PageBefore = _ids[7],
                        Max = 3,
                    }
                )
            )
            .ShouldBe("456");
        Page(
            new ArchiveQuery
            {
                Backwards = true,
                PageBefore = _ids[3],
                Max = 3,
            }
        )
            .Complete.ShouldBeTrue();
    }

    [Fact]
    public void Count_and_index_are_of_what_the_filter_matches()
    {
        ArchivePage page = Page(
            new ArchiveQuery
            {
                With = Home.Jid("ben@away.example"),
                Backwards = true,
                Max = 2,
                WithCount = true,
            }
        );
        Shown(page).ShouldBe("68");
        (page.Count, page.FirstIndex).ShouldBe((5, 3));
        page = Page(
            new ArchiveQuery
            {
                AfterId = _ids[1],
                PageAfter = _ids[4],
                Max = 2,
                WithCount = true,
            }
        );
        Shown(page).ShouldBe("56");
        (page.Count, page.FirstIndex).ShouldBe((8, 3));
    }

    [Fact]
    public void A_page_of_none_only_counts()
    {
        ArchivePage page = Page(new ArchiveQuery { Max = 0, WithCount = true });
        page.Rows.ShouldBeEmpty();
        (page.Count, page.FirstIndex, page.Complete).ShouldBe((10, null, false));
        Page(new ArchiveQuery { Max = 0, With = Home.Jid("x@away.example") }).Complete.ShouldBeTrue();
    }

    [Fact]
    public void A_bare_address_matches_every_resource_and_a_full_one_its_own()
    {
        Shown(Page(new ArchiveQuery { With = Home.Jid("ben@away.example") })).ShouldBe("02468");
        Shown(Page(new ArchiveQuery { With = Home.Jid("ben@away.example/phone") })).ShouldBe("02468");
        Shown(Page(new ArchiveQuery { With = Home.Jid("ben@away.example/laptop") })).ShouldBe("");
        Shown(Page(new ArchiveQuery { With = Home.Jid("carol@away.example/phone") })).ShouldBe("");
        Shown(Page(new ArchiveQuery { With = Home.Jid("dave@away.example"), WithCount = true })).ShouldBe("");
    }

    [Fact]
    public void Form_bounds_and_page_bounds_hold_together()
    {
        Shown(Page(new ArchiveQuery { AfterId = _ids[1], BeforeId = _ids[6] })).ShouldBe("2345");
        ArchivePage page = Page(
            new ArchiveQuery
            {
                AfterId = _ids[1],
                BeforeId = _ids[8],
                PageAfter = _ids[4],
                Max = 2,
            }
        );
        Shown(page).ShouldBe("56");
    }

    [Fact]
    public void Listed_ids_come_in_their_order_once_and_under_the_same_filter()
    {
        long[] listed = [_ids[8], _ids[1], _ids[4], _ids[1]];
        Shown(Page(new ArchiveQuery { Ids = listed })).ShouldBe("148");
        Shown(Page(new ArchiveQuery { Ids = listed, With = Home.Jid("ben@away.example") })).ShouldBe("48");
        ArchivePage page = Page(
            new ArchiveQuery
            {
                Ids = listed,
                Backwards = true,
                Max = 2,
                WithCount = true,
            }
        );
        Shown(page).ShouldBe("48");
        (page.Count, page.FirstIndex, page.Complete).ShouldBe((3, 1, false));
        Shown(Page(new ArchiveQuery { Ids = listed, PageAfter = _ids[4] })).ShouldBe("8");
        Shown(Page(new ArchiveQuery { Ids = [] })).ShouldBe("");
    }

    [Fact]
    public async Task An_id_that_is_not_in_the_archive_is_not_found()
    {
        long elsewhere = await _talk.With(2, "ben@away.example", "x");
        long hidden = await _talk.With(1, "ben@away.example", "x", EntryFlags.Incoming | EntryFlags.Hidden);
        foreach (long id in (long[])[elsewhere, hidden, 7])
        {
            ArchiveQuery[] queries =
            [
                new() { AfterId = id },
                new() { BeforeId = id },
                new() { PageAfter = id },
                new() { PageBefore = id, Backwards = true },
                new() { Ids = [_ids[0], id] },
                new() { PageAfter = id, With = Home.Jid("dave@away.example") },
            ];
            foreach (ArchiveQuery query in queries)
                Should.Throw<KeyNotFoundException>(() => Page(query));
        }
    }

    [Fact]
    public async Task Hidden_messages_are_neither_shown_nor_counted()
    {
        await _talk.With(1, "ben@away.example", "x", EntryFlags.Incoming | EntryFlags.Hidden);
        ArchivePage page = Page(new ArchiveQuery { WithCount = true });
        Shown(page).ShouldBe("0123456789");
        page.Count.ShouldBe(10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_walk_through_20_000_messages_shows_each_exactly_once(bool backwards)
    {
        const int Count = 20_000;
        await _home.Write(t =>
        {
            for (int i = 0; i < Count; i++)
                _talk.Append(t, $"{i}", new ArchiveOwner(3, Home.Jid("ben@away.example"), EntryFlags.None), null);
        });

        List<int> seen = [];
        ArchivePage page;
        var query = new ArchiveQuery { Backwards = backwards };
        do
        {
            page = _talk.Query(3, query);
            IEnumerable<int> numbers = page.Rows.Select(r => int.Parse(r.Stanza, CultureInfo.InvariantCulture));
            seen.InsertRange(backwards ? 0 : seen.Count, numbers);
            query = backwards
                ? query with
                {
                    PageBefore = page.Rows[0].Id,
                }
                : query with
                {
                    PageAfter = page.Rows[^1].Id,
                };
        } while (!page.Complete);

        seen.ShouldBe(Enumerable.Range(0, Count));
    }

    private ArchivePage Page(ArchiveQuery query) => _talk.Query(1, query);

    private static string Shown(ArchivePage page) => string.Concat(Conversation.Texts(page.Rows));
}
