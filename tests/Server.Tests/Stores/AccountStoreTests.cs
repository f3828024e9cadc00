using Shouldly;
using Xmpp.Sasl;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

public sealed class AccountStoreTests : IDisposable
{
    private readonly Home _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task An_account_is_found_by_name_and_by_id_as_it_was_written()
    {
        var account = new AccountRecord
        {
            Name = "änna",
            Role = Role.Guest,
            Locked = true,
            Created = _home.Clock.GetUtcNow(),
            Expires = _home.Clock.GetUtcNow().AddDays(2),
            LastSeen = _home.Clock.GetUtcNow().AddMinutes(-1),
            LastStatus = "gone fishing",
        };
        long id = await _home.Write(t => _home.Accounts.Add(t, account));

        _home.Read(a => _home.Accounts.Find(a, "änna")).ShouldBe(account with { Id = id });
        _home.Read(a => _home.Accounts.Find(a, id)).ShouldBe(account with { Id = id });
        _home.Read(a => _home.Accounts.Find(a, "nobody")).ShouldBeNull();
        _home.Read(a => _home.Accounts.Find(a, id + 1)).ShouldBeNull();
    }

    [Fact]
    public async Task Accounts_are_listed_by_name()
    {
        await _home.AddAccount("zoe");
        await _home.AddAccount("anna");

        _home.Read(_home.Accounts.List).Select(a => a.Name).ShouldBe(["anna", "zoe"]);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused()
    {
        await _home.AddAccount("anna");

        await Should.ThrowAsync<InvalidOperationException>(() => _home.AddAccount("anna"));
    }

    [Fact]
    public async Task A_removed_name_is_free_again_after_its_grace()
    {
        long id = await _home.AddAccount("anna");
        await _home.Write(t => _home.Accounts.Remove(t, id));
        await Should.ThrowAsync<InvalidOperationException>(() => _home.AddAccount("anna"));
        _home.Clock.Advance(_home.Options.NameGrace + TimeSpan.FromMinutes(1));

        long later = await _home.AddAccount("anna");
        later.ShouldBeGreaterThan(id);
    }

    [Fact]
    public async Task An_id_is_never_used_again()
    {
        long id = await _home.AddAccount("anna");
        await _home.Write(t => _home.Accounts.Remove(t, id));
        _home.Reopen();

        (await _home.AddAccount("ben")).ShouldBeGreaterThan(id);
    }

    [Fact]
    public async Task An_update_writes_everything_but_name_and_id()
    {
        long id = await _home.AddAccount("anna");
        var changed = new AccountRecord
        {
            Id = id,
            Name = "other",
            Role = Role.Admin,
            Locked = true,
            Created = _home.Clock.GetUtcNow(),
            LastStatus = "bye",
        };
        await _home.Write(t => _home.Accounts.Update(t, changed));

        _home.Read(a => _home.Accounts.Find(a, id)).ShouldBe(changed with { Name = "anna" });
    }

    [Fact]
    public async Task Keys_are_found_by_name_and_hash()
    {
        long id = await _home.AddAccount("anna");
        await _home.Write(t => _home.Accounts.SetKeys(t, id, [Keys(ScramHash.Sha1, 1), Keys(ScramHash.Sha256, 2)]));

        ScramKeys found = Find(ScramHash.Sha256).ShouldNotBeNull();
        found.Hash.ShouldBe(ScramHash.Sha256);
        found.Salt.ShouldBe([2, 2]);
        found.Iterations.ShouldBe(10_002);
        found.StoredKey.ShouldBe([2]);
        found.ServerKey.ShouldBe([2, 2, 2]);
        _home.Read(a => _home.Accounts.Keys(a, "nobody", ScramHash.Sha1)).ShouldBeNull();
    }

    [Fact]
    public async Task New_keys_take_the_place_of_all_or_of_their_own_hash()
    {
        long id = await _home.AddAccount("anna");
        await _home.Write(t => _home.Accounts.SetKeys(t, id, [Keys(ScramHash.Sha1, 1), Keys(ScramHash.Sha256, 2)]));
        await _home.Write(t => _home.Accounts.SetKeys(t, id, [Keys(ScramHash.Sha1, 3)], only: false));
        Find(ScramHash.Sha1)!.Salt.ShouldBe([3, 3]);
        Find(ScramHash.Sha256)!.Salt.ShouldBe([2, 2]);

        await _home.Write(t => _home.Accounts.SetKeys(t, id, [Keys(ScramHash.Sha256, 4)]));
        Find(ScramHash.Sha1).ShouldBeNull();
        Find(ScramHash.Sha256)!.Salt.ShouldBe([4, 4]);
    }

    [Fact]
    public async Task A_device_is_added_once_and_updated_in_place()
    {
        long anna = await _home.AddAccount("anna");
        var device = new DeviceRecord
        {
            Account = anna,
            Key = "d4565fa7",
            Software = "Gajim",
            Name = "Küche",
            Created = _home.Clock.GetUtcNow(),
            LastSeen = _home.Clock.GetUtcNow(),
        };
        long id = await _home.Write(t => _home.Accounts.SaveDevice(t, device));
        DeviceRecord changed = device with { Id = id, Name = null, UsedPassword = true };
        (await _home.Write(t => _home.Accounts.SaveDevice(t, changed))).ShouldBe(id);

        _home.Read(a => _home.Accounts.FindDevice(a, anna, "d4565fa7")).ShouldBe(changed);
        _home.Read(a => _home.Accounts.Devices(a, anna)).ShouldBe([changed]);
        _home.Read(a => _home.Accounts.FindDevice(a, anna, "other")).ShouldBeNull();
    }

    [Fact]
    public async Task Tokens_have_two_slots_and_end_with_their_device()
    {
        long anna = await _home.AddAccount("anna");
        long device = await AddDevice(anna, "one");
        long other = await AddDevice(anna, "two");
        await _home.Write(t =>
        {
            _home.Accounts.SaveFastToken(t, Token(device, 0, 1));
            _home.Accounts.SaveFastToken(t, Token(device, 1, 2));
            _home.Accounts.SaveFastToken(t, Token(device, 0, 3));
            _home.Accounts.SaveFastToken(t, Token(other, 0, 4));
        });
        IReadOnlyList<FastTokenRecord> tokens = Tokens(device);
        tokens.Select(t => (t.Slot, t.Secret[0], t.Count)).ShouldBe([(0, (byte)3, 3L), (1, (byte)2, 2L)]);
        tokens[0].Mechanism.ShouldBe("HT-SHA-256-NONE");
        tokens[0].Expires.ShouldBe(_home.Clock.GetUtcNow().AddDays(7));

        await _home.Write(t => _home.Accounts.RemoveFastTokens(t, device));
        Tokens(device).ShouldBeEmpty();
        Tokens(other).ShouldHaveSingleItem();
        await _home.Write(t => _home.Accounts.RemoveDevice(t, other));
        Tokens(other).ShouldBeEmpty();
    }

    [Fact]
    public async Task All_tokens_of_an_account_end_at_once()
    {
        long anna = await _home.AddAccount("anna");
        long ben = await _home.AddAccount("ben");
        long device = await AddDevice(anna, "one");
        long bens = await AddDevice(ben, "one");
        await _home.Write(t =>
        {
            _home.Accounts.SaveFastToken(t, Token(device, 0, 1));
            _home.Accounts.SaveFastToken(t, Token(bens, 0, 1));
            _home.Accounts.RemoveAllFastTokens(t, anna);
        });

        Tokens(device).ShouldBeEmpty();
        Tokens(bens).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_document_is_replaced_and_removed_by_key()
    {
        long anna = await _home.AddAccount("anna");
        await _home.Write(t => _home.Accounts.SetDocument(t, anna, "vcard", new byte[100_000]));
        await _home.Write(t => _home.Accounts.SetDocument(t, anna, "vcard", [1, 2]));
        await _home.Write(t => _home.Accounts.SetDocument(t, anna, "empty", []));

        Document(anna, "vcard").ShouldBe([1, 2]);
        Document(anna, "empty").ShouldBe([]);
        Document(anna, "none").ShouldBeNull();
        _home.Read(a => _home.Accounts.Documents(a, "vcard")).ShouldHaveSingleItem().Account.ShouldBe(anna);
        _home.Read(a => _home.Accounts.Documents(a, "none")).ShouldBeEmpty();
        await _home.Write(t => _home.Accounts.SetDocument(t, anna, "vcard", null));
        Document(anna, "vcard").ShouldBeNull();
    }

    [Fact]
    public async Task Reports_are_kept_as_they_arrived()
    {
        long anna = await _home.AddAccount("anna");
        var report = new ReportRecord(
            anna,
            "spam@far.example",
            "urn:xmpp:reporting:spam",
            "again",
            [60],
            _home.Clock.GetUtcNow()
        );
        await _home.Write(t => _home.Accounts.AddReport(t, report));
        await _home.Write(t => _home.Accounts.AddReport(t, report with { Text = null }));

        IReadOnlyList<ReportRecord> reports = _home.Read(_home.Accounts.Reports);
        reports.Select(r => r.Text).ShouldBe(["again", null]);
        (reports[0] with { Xml = report.Xml, Id = 0 }).ShouldBe(report);
        reports[0].Xml.ShouldBe(report.Xml);

        (await _home.Write(t => _home.Accounts.RemoveReport(t, reports[0].Id))).ShouldBeTrue();
        (await _home.Write(t => _home.Accounts.RemoveReport(t, reports[0].Id))).ShouldBeFalse();
        _home.Read(_home.Accounts.Reports).ShouldHaveSingleItem().Id.ShouldBe(reports[1].Id);
    }

    [Fact]
    public async Task The_oldest_reports_of_one_reporter_go()
    {
        long anna = await _home.AddAccount("anna");
        long ben = await _home.AddAccount("ben");
        foreach (var (who, about) in ((long, string)[])[(ben, "a"), (anna, "b"), (anna, "c"), (anna, "d"), (ben, "e")])
            await _home.Write(t =>
                _home.Accounts.AddReport(t, new ReportRecord(who, about, "r", null, [60], _home.Clock.GetUtcNow()))
            );
        await _home.Write(t => _home.Accounts.TrimReports(t, anna, 2));
        _home.Read(_home.Accounts.Reports).Select(report => report.Contact).ShouldBe(["a", "c", "d", "e"]);
    }

    [Fact]
    public async Task Accounts_are_listed_by_role_and_devices_found_by_number()
    {
        long anna = await _home.AddAccount("anna", Role.Admin);
        await _home.AddAccount("ben");
        _home.Read(a => _home.Accounts.List(a, Role.Admin)).Select(each => each.Id).ShouldBe([anna]);
        _home.Read(a => _home.Accounts.List(a, Role.Guest)).ShouldBeEmpty();
        var device = new DeviceRecord
        {
            Account = anna,
            Key = "k",
            Created = _home.Clock.GetUtcNow(),
        };
        long id = await _home.Write(t => _home.Accounts.SaveDevice(t, device));
        _home.Read(a => _home.Accounts.FindDevice(a, id))!.Key.ShouldBe("k");
        _home.Read(a => _home.Accounts.FindDevice(a, id + 1)).ShouldBeNull();
    }

    private static ScramKeys Keys(ScramHash hash, byte n) => new(hash, [n, n], 10_000 + n, [n], [n, n, n]);

    private FastTokenRecord Token(long device, int slot, byte n) =>
        new(device, slot, "HT-SHA-256-NONE", [n], _home.Clock.GetUtcNow().AddDays(7), n);

    private ScramKeys? Find(ScramHash hash) => _home.Read(a => _home.Accounts.Keys(a, "anna", hash));

    private IReadOnlyList<FastTokenRecord> Tokens(long device) => _home.Read(a => _home.Accounts.FastTokens(a, device));

    private byte[]? Document(long account, string key) => _home.Read(a => _home.Accounts.Document(a, account, key));

    private Task<long> AddDevice(long account, string key) =>
        _home.Write(t =>
            _home.Accounts.SaveDevice(
                t,
                new DeviceRecord
                {
                    Account = account,
                    Key = key,
                    Created = _home.Clock.GetUtcNow(),
                    LastSeen = _home.Clock.GetUtcNow(),
                }
            )
        );
}
