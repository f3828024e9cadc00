using System.Buffers.Text;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xmpp.Server.Uploads;
using Xunit;

namespace Server.Tests.Uploads;

/// <summary>Slots that nobody keeps: what was promised comes back as it was, and nothing else counts.</summary>
public sealed class UploadSlotsTests
{
    private static readonly DateTimeOffset _time = new(2026, 3, 14, 9, 31, 53, 589, TimeSpan.Zero);
    private readonly UploadSlots _slots = new(new byte[32]);

    private static readonly UploadSlot _slot = new()
    {
        Id = "AAAAAAAAAAAAAAAAAAAAAAAA",
        Name = "très cool.jpg",
        Account = 7,
        Generation = 3,
        Size = 23456,
        MediaType = "image/jpeg",
        Purpose = UploadPurpose.Ephemeral,
        FileExpires = _time.AddDays(1),
        Expires = _time,
    };

    public static TheoryData<UploadSlot> Slots =>
        [_slot, _slot with { MediaType = null, FileExpires = null, Purpose = UploadPurpose.Permanent }];

    [Theory]
    [MemberData(nameof(Slots))]
    public void A_slot_comes_back_as_it_was(UploadSlot slot)
    {
        _slots.TryRead(slot.Id, slot.Name, _slots.Sign(slot), out UploadSlot? read).ShouldBeTrue();
        read.ShouldBe(slot);
    }

    [Fact]
    public void It_is_for_its_own_address_and_box()
    {
        string token = _slots.Sign(_slot);
        _slots.TryRead("AAAAAAAAAAAAAAAAAAAAAAAB", _slot.Name, token, out _).ShouldBeFalse();
        _slots.TryRead(_slot.Id, "tres cool.jpg", token, out _).ShouldBeFalse();
        _slots.TryRead(_slot.Id[..23], "A" + _slot.Name, token, out _).ShouldBeFalse();
        new UploadSlots([1, .. new byte[31]]).TryRead(_slot.Id, _slot.Name, token, out _).ShouldBeFalse();
    }

    [Fact]
    public void No_bit_of_it_can_be_changed()
    {
        byte[] token = Base64Url.DecodeFromChars(_slots.Sign(_slot));
        for (int bit = 0; bit < token.Length * 8; bit++)
        {
            byte[] changed = [.. token];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            _slots.TryRead(_slot.Id, _slot.Name, Base64Url.EncodeToString(changed), out _).ShouldBeFalse($"bit {bit}");
        }
        for (int length = 0; length < token.Length; length++)
            _slots
                .TryRead(_slot.Id, _slot.Name, Base64Url.EncodeToString(token.AsSpan(0, length)), out _)
                .ShouldBeFalse($"{length} bytes");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("é")]
    [InlineData("AAAA AAAA")]
    public void Nonsense_is_none(string? token) => _slots.TryRead(_slot.Id, _slot.Name, token, out _).ShouldBeFalse();

    [Fact]
    public void Nor_is_what_is_far_too_long() =>
        _slots.TryRead(_slot.Id, _slot.Name, new string('A', 1 << 20), out _).ShouldBeFalse();

    // ---- what a slot is worth when its file comes ----

    private static UploadSlot Promise(Play play, string name, long size = 100) =>
        play.Server.Files.Promise(play.Account(name), "tree.jpg", size);

    private static UploadRefusal? Refusal(Play play, UploadSlot slot)
    {
        using Arrival? arrival = play.Server.Files.Begin(slot, out UploadRefusal refusal);
        return arrival is null ? refusal : null;
    }

    [Fact]
    public async Task A_slot_is_good_for_five_minutes_and_one_file()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        await play.AddAccount("juliet");
        UploadSlot slot = Promise(play, "juliet");
        using (Arrival first = play.Server.Files.Begin(slot, out _).ShouldNotBeNull())
        {
            Refusal(play, slot).ShouldBe(UploadRefusal.Taken);
        }
        // The first broke off.
        using (Arrival second = play.Server.Files.Begin(slot, out _).ShouldNotBeNull())
            (await second.CommitAsync("image/jpeg")).ShouldBeNull();
        Refusal(play, slot).ShouldBe(UploadRefusal.Taken);
        (await play.Server.Files.RemoveAsync(slot.Account, slot.Id)).ShouldBeTrue();
        Refusal(play, slot).ShouldBe(UploadRefusal.Taken);
        play.Files.Deleted.ShouldBe([slot.Id]);

        UploadSlot late = Promise(play, "juliet");
        await play.Advance(SharedFiles.SlotLifetime - TimeSpan.FromSeconds(1));
        Refusal(play, late).ShouldBeNull();
        await play.Advance(TimeSpan.FromSeconds(1));
        Refusal(play, late).ShouldBe(UploadRefusal.NoSlot);
    }

    // Signing in, 5: a lock or a new password ends what was given before; a removal more so.
    [Fact]
    public async Task A_slot_ends_with_the_sign_ins_of_its_account()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        foreach (string name in (string[])["juliet", "romeo", "tybalt"])
            await play.AddAccount(name);
        UploadSlot juliet = Promise(play, "juliet");
        UploadSlot romeo = Promise(play, "romeo");
        UploadSlot tybalt = Promise(play, "tybalt");
        using Arrival onItsWay = play.Server.Files.Begin(tybalt, out _).ShouldNotBeNull();

        await play.Server.Home.People.LockAsync("juliet");
        await play.Server.Home.People.SetPasswordAsync("romeo", "a wholly new password");
        await play.Server.Home.People.RemoveAsync("tybalt");

        Refusal(play, juliet).ShouldBe(UploadRefusal.NoSlot);
        await play.Server.Home.People.UnlockAsync("juliet");
        Refusal(play, juliet).ShouldBe(UploadRefusal.NoSlot);
        Refusal(play, romeo).ShouldBe(UploadRefusal.NoSlot);
        (await onItsWay.CommitAsync("image/jpeg")).ShouldBe(UploadRefusal.NoSlot);
        play.Server.Files.Find(tybalt.Id, tybalt.Name).ShouldBeNull();
        Refusal(play, Promise(play, "juliet")).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_on_its_way_counts_against_the_quota_and_the_number()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp, options => options with { UploadQuotaBytes = 1000 });
        await play.AddAccount("juliet");
        await play.AddAccount("romeo");
        SharedFiles files = play.Server.Files;
        UploadSlot[] slots = [.. Enumerable.Range(0, 3).Select(_ => Promise(play, "juliet", 400))];
        using (files.Begin(slots[0], out _).ShouldNotBeNull())
        using (files.Begin(slots[1], out _).ShouldNotBeNull())
        {
            Refusal(play, slots[2]).ShouldBe(UploadRefusal.Quota);
            Refusal(play, Promise(play, "romeo", 1000)).ShouldBeNull();
            Refusal(play, Promise(play, "juliet", 200)).ShouldBeNull();
        }
        List<Arrival> many = [];
        for (int i = 0; i < SharedFiles.MostAtOnce; i++)
            many.Add(files.Begin(Promise(play, "juliet", 1), out _).ShouldNotBeNull());
        Refusal(play, Promise(play, "juliet", 1)).ShouldBe(UploadRefusal.TooMany);
        many.ForEach(arrival => arrival.Dispose());
        Refusal(play, slots[2]).ShouldBeNull();
    }

    [Fact]
    public async Task A_slot_outlives_a_restart()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        await play.AddAccount("juliet");
        UploadSlot slot = Promise(play, "juliet");
        string token = play.Server.Files.Slots.Sign(slot);
        await play.Restart(crash: true);
        play.Server.Files.Slots.TryRead(slot.Id, slot.Name, token, out UploadSlot? read).ShouldBeTrue();
        Refusal(play, read).ShouldBeNull();
    }
}
