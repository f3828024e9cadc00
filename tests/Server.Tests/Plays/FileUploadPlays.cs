using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xmpp.Server.Uploads;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0363: slots at the domain itself, and how files come and go as far as the server knows.</summary>
public sealed class FileUploadPlays
{
    private const string Upload = "urn:xmpp:http:upload:0";
    private const string Purpose = "urn:xmpp:http:upload:purpose:0";

    private static string Request(string attributes, string inside = "", string? to = Play.Domain) =>
        $"<iq type='get'{(to is null ? "" : $" to='{to}'")}><request xmlns='{Upload}' {attributes}>{inside}</request></iq>";

    private static string Tree(long size, string inside = "") =>
        Request($"filename='tree.jpg' size='{size}' content-type='image/jpeg'", inside);

    private static string Error(string type, string condition, string extra = "") =>
        $"<iq type='error'><error type='{type}'><{condition} xmlns='{Ns.StanzaErrors}'/>{extra}</error></iq>";

    /// <summary>Asks for a slot and reads what it promises, as the web does.</summary>
    private static async Task<UploadSlot> Ask(Play play, Actor actor, string request)
    {
        XElement slot = (await actor.Ask(request, $"<iq type='result' from='{Play.Domain}'/>")).Find("slot");
        slot.ShouldMatch($"<slot xmlns='{Upload}'><put url='{{any}}'/><get url='{{any}}'/></slot>", strict: true);
        string get = slot.Find("get").Attribute("url")!.Value;
        var put = new Uri(slot.Find("put").Attribute("url")!.Value);
        put.GetLeftPart(UriPartial.Path).ShouldBe(get);
        get.ShouldStartWith($"https://{Play.Domain}/upload/");
        string[] parts = new Uri(get).AbsolutePath.Split('/');
        parts.Length.ShouldBe(4);
        string token = put.Query["?slot=".Length..];
        play.Server.Files.Slots.TryRead(parts[2], Uri.UnescapeDataString(parts[3]), token, out UploadSlot? read)
            .ShouldBeTrue();
        return read;
    }

    private static async Task<UploadSlot> AddFile(Play play, Actor actor, string request)
    {
        UploadSlot slot = await Ask(play, actor, request);
        using Arrival arrival = play.Server.Files.Begin(slot, out _).ShouldNotBeNull();
        (await arrival.CommitAsync("image/jpeg")).ShouldBeNull();
        return slot;
    }

    // §3.
    [Theory, Framings]
    public async Task The_domain_says_what_it_takes(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "garden");
        string info = $"<iq type='get' to='{Play.Domain}'><query xmlns='{Ns.DiscoInfo}'/></iq>";
        await romeo.Ask(
            info,
            $"""
            <iq type='result'><query xmlns='{Ns.DiscoInfo}'>
              <identity category='server' type='im'/><identity category='store' type='file' name='HTTP File Upload'/>
              <feature var='{Upload}'/><feature var='{Purpose}#message'/><feature var='{Purpose}#profile'/>
              <feature var='{Purpose}#ephemeral'/><feature var='{Purpose}#permanent'/>
              <x xmlns='{Ns.DataForms}' type='result'>
                <field var='FORM_TYPE' type='hidden'><value>{Upload}</value></field>
                <field var='max-file-size'><value>104857600</value></field>
              </x></query></iq>
            """
        );
    }

    [Theory, Framings]
    public async Task Without_a_limit_no_limit_is_said(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing, options => options with { UploadMaxBytes = 0 });
        Actor romeo = await play.Connect("romeo", "garden");
        string info = $"<iq type='get' to='{Play.Domain}'><query xmlns='{Ns.DiscoInfo}'/></iq>";
        (await romeo.Ask(info)).ToString().ShouldNotContain("max-file-size");
        (await Ask(play, romeo, Tree(1L << 50))).Size.ShouldBe(1L << 50);
    }

    // §5; laws, "The world outside", 1.
    [Theory, Framings]
    public async Task A_slot_is_two_addresses_and_not_a_row(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "garden");
        play.Disk.Hold();
        UploadSlot slot = await Ask(
            play,
            romeo,
            Request("filename='tr\u00e8s cool.jpg' size='23456' content-type='Image/JPEG; q=1'")
        );
        play.Disk.Continue();
        slot.ShouldBe(
            new UploadSlot
            {
                Id = slot.Id,
                Name = "tr\u00e8s cool.jpg",
                Account = play.Account("romeo").Id,
                Size = 23456,
                MediaType = "image/jpeg",
                Expires = play.Clock.GetUtcNow() + SharedFiles.SlotLifetime,
            }
        );
        (await Ask(play, romeo, Request("filename='../\u202Egpj.exe' size='1'"))).Name.ShouldBe("gpj.exe");
        (await Ask(play, romeo, Tree(1))).Id.ShouldNotBe((await Ask(play, romeo, Tree(1))).Id);
        using Access access = play.Stores.Database.OpenRead();
        play.Stores.Uploads.Ids(access).ShouldBeEmpty();
    }

    [Theory, Framings]
    public async Task The_address_is_the_one_of_the_settings(Framing framing)
    {
        const string Public = "https://files.example:8443/home";
        await using Play play = await Play.StartAsync(framing, options => options with { PublicUrl = Public });
        Actor romeo = await play.Connect("romeo", "garden");
        XElement answer = await romeo.Ask(Tree(1), "<iq type='result'/>");
        answer.Find("put").Attribute("url")!.Value.ShouldStartWith(Public + "/upload/");
        answer.Find("get").Attribute("url")!.Value.ShouldStartWith(Public + "/upload/");
    }

    [Theory, Framings]
    public async Task What_is_asked_wrongly_is_said_so(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "garden");
        string[] wrong =
        [
            "size='1'",
            "filename='' size='1'",
            "filename='a'",
            "filename='a' size=''",
            "filename='a' size='0'",
            "filename='a' size='-1'",
            "filename='a' size='1.5'",
            "filename='a' size=' 1'",
            "filename='a' size='99999999999999999999'",
            "filename='a' size='1' content-type='jpeg'",
            "filename='a' size='1' content-type='text/html&#13;&#10;X: y'",
        ];
        foreach (string attributes in wrong)
            await romeo.Ask(Request(attributes), Error("modify", "bad-request"));
        await romeo.Ask(
            $"<iq type='set' to='{Play.Domain}'><request xmlns='{Upload}' filename='a' size='1'/></iq>",
            Error("cancel", "service-unavailable")
        );
        await romeo.Ask(Request("filename='a' size='1'", to: null), Error("cancel", "service-unavailable"));
    }

    // §6.
    [Theory, Framings]
    public async Task Too_large_a_file_hears_how_large_it_may_be(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing, options => options with { UploadMaxBytes = 20_000 });
        Actor romeo = await play.Connect("romeo", "garden");
        await romeo.Ask(
            Tree(20_001),
            Error(
                "modify",
                "not-acceptable",
                $"<text xmlns='{Ns.StanzaErrors}'>File too large. The maximum file size is 20000 bytes</text>"
                    + $"<file-too-large xmlns='{Upload}'><max-file-size>20000</max-file-size></file-too-large>"
            )
        );
        await Ask(play, romeo, Tree(20_000));
    }

    // §4.1.
    [Theory, Framings]
    public async Task A_purpose_goes_with_the_slot(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "garden");
        async Task<UploadSlot> For(string purpose) => await Ask(play, romeo, Tree(100, purpose));
        (await For($"<message xmlns='{Purpose}'/>")).Purpose.ShouldBe(UploadPurpose.Message);
        (await For($"<profile xmlns='{Purpose}'/>")).Purpose.ShouldBe(UploadPurpose.Profile);
        (await For($"<permanent xmlns='{Purpose}'/>")).Purpose.ShouldBe(UploadPurpose.Permanent);
        (await For("<other xmlns='urn:example'/>")).Purpose.ShouldBe(UploadPurpose.Message);
        UploadSlot story = await For($"<ephemeral xmlns='{Purpose}' expire-before='2026-03-15T09:00:00Z'/>");
        story.Purpose.ShouldBe(UploadPurpose.Ephemeral);
        story.FileExpires.ShouldBe(new DateTimeOffset(2026, 3, 15, 9, 0, 0, TimeSpan.Zero));

        (string Purpose, string Type, string Condition)[] wrong =
        [
            ($"<ephemeral xmlns='{Purpose}'/>", "modify", "bad-request"),
            ($"<ephemeral xmlns='{Purpose}' expire-before='tomorrow'/>", "modify", "bad-request"),
            ($"<ephemeral xmlns='{Purpose}' expire-before='2020-01-01T00:00:00Z'/>", "modify", "not-acceptable"),
            ($"<profile xmlns='{Purpose}'/><permanent xmlns='{Purpose}'/>", "modify", "bad-request"),
            ($"<eternal xmlns='{Purpose}'/>", "cancel", "feature-not-implemented"),
        ];
        foreach (var (purpose, type, condition) in wrong)
            await romeo.Ask(Tree(100, purpose), Error(type, condition));
        await romeo.Ask(
            Tree(9 << 20, $"<profile xmlns='{Purpose}'/>"),
            Error("modify", "not-acceptable", $"<file-too-large xmlns='{Upload}'/>")
        );
    }

    // §6: with the time at which retention will have made room, where it will.
    [Theory, Framings]
    public async Task A_quota_that_is_reached_says_when_there_is_room(Framing framing)
    {
        await using Play play = await Play.StartAsync(
            framing,
            options => options with { UploadQuotaBytes = 1000, UploadDays = 30 }
        );
        Actor romeo = await play.Connect("romeo", "garden");
        Actor juliet = await play.Connect("juliet", "balcony");
        await AddFile(play, romeo, Tree(300, $"<permanent xmlns='{Purpose}'/>"));
        await AddFile(play, romeo, Tree(300));
        await play.Advance(TimeSpan.FromDays(1));
        await AddFile(play, romeo, Tree(300));

        const string Wait = "resource-constraint";
        await romeo.Ask(Tree(101), Error("wait", Wait, $"<retry xmlns='{Upload}' stamp='2026-04-13T11:26:53Z'/>"));
        await romeo.Ask(Tree(401), Error("wait", Wait, $"<retry xmlns='{Upload}' stamp='2026-04-14T11:26:53Z'/>"));
        (await romeo.Ask(Tree(701), Error("wait", Wait))).Without("retry", Upload);
        await romeo.Ask(Tree(1001), Error("wait", Wait));
        await Ask(play, romeo, Tree(100));
        await Ask(play, juliet, Tree(1000));
    }

    [Theory, Framings]
    public async Task A_disk_that_is_nearly_full_says_so(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "garden");
        play.Files.Free = 99;
        (await romeo.Ask(Tree(100), Error("wait", "resource-constraint"))).Without("retry", Upload);
        await Ask(play, romeo, Tree(99));
    }

    // Reach 2: limited accounts and guests send pictures to whom they may talk to.
    [Theory, Framings]
    public async Task Everybody_who_lives_here_may_ask(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        foreach (Role role in Enum.GetValues<Role>())
        {
            await play.AddAccount($"person{role}", role, "Family");
            await Ask(play, await play.Connect($"person{role}".ToLowerInvariant(), "phone"), Tree(1));
        }
    }

    // Reach 9: what is its own goes with it.
    [Theory, Framings]
    public async Task The_files_of_a_removed_account_go_with_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "garden");
        Actor juliet = await play.Connect("juliet", "balcony");
        UploadSlot his = await AddFile(play, romeo, Tree(10, $"<permanent xmlns='{Purpose}'/>"));
        UploadSlot hers = await AddFile(play, juliet, Tree(10));
        await play.Server.Home.People.RemoveAsync("romeo");
        await romeo.ExpectEnd("not-authorized");

        play.Files.Deleted.ShouldBe([his.Id]);
        play.Server.Files.Find(his.Id, his.Name).ShouldBeNull();
        play.Server.Files.Find(hers.Id, hers.Name).ShouldNotBeNull();
    }

    [Theory, Framings]
    public async Task Files_are_listed_and_removed_by_their_owner(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "garden");
        Actor juliet = await play.Connect("juliet", "balcony");
        UploadSlot first = await AddFile(play, romeo, Tree(10));
        UploadSlot second = await AddFile(play, romeo, Tree(20));
        SharedFiles files = play.Server.Files;
        files.List(first.Account).Select(file => file.Id).ShouldBe([first.Id, second.Id]);
        files.List(play.Account("juliet").Id).ShouldBeEmpty();
        (await files.RemoveAsync(play.Account("juliet").Id, first.Id)).ShouldBeFalse();
        (await files.RemoveAsync(first.Account, first.Id)).ShouldBeTrue();
        files.List(first.Account).Select(file => file.Id).ShouldBe([second.Id]);
        play.Files.Deleted.ShouldBe([first.Id]);
        await play.ExpectNothing(juliet);
    }

    // §4.1.3 and protocol.md, "Files".
    [Theory, Framings]
    public async Task Files_go_when_their_time_is_over(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing, options => options with { UploadDays = 30 });
        Actor romeo = await play.Connect("romeo", "garden");
        UploadSlot picture = await AddFile(play, romeo, Tree(10));
        UploadSlot avatar = await AddFile(play, romeo, Tree(10, $"<profile xmlns='{Purpose}'/>"));
        UploadSlot story = await AddFile(
            play,
            romeo,
            Tree(10, $"<ephemeral xmlns='{Purpose}' expire-before='2026-03-15T09:26:53Z'/>")
        );
        SharedFiles files = play.Server.Files;
        await play.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        files.Find(story.Id, story.Name).ShouldNotBeNull();
        await play.Advance(TimeSpan.FromSeconds(1));
        files.Find(story.Id, story.Name).ShouldBeNull();
        (await files.RemoveDueAsync(default)).ShouldBe(1);
        await play.Advance(TimeSpan.FromDays(29) + TimeSpan.FromSeconds(1));
        (await files.RemoveDueAsync(default)).ShouldBe(1);
        (await files.RemoveDueAsync(default)).ShouldBe(0);

        play.Files.Deleted.ShouldBe([story.Id, picture.Id]);
        files.List(avatar.Account).ShouldHaveSingleItem().Id.ShouldBe(avatar.Id);
    }
}
