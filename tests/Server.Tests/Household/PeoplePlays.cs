using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Household;

/// <summary>Accounts made, changed and ended (README, "Who may reach whom", 6 and 9).</summary>
public sealed class PeoplePlays
{
    private const string Refused = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><{0}/></failure>";

    private static async Task<XElement> TrySignIn(Play play, string name, string password)
    {
        Actor actor = play.Dial(name, "late");
        await SignIn.OpenAsync(actor);
        await actor.Send(
            $"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{SignIn.PlainText(name, password)}</auth>"
        );
        return await actor.Next();
    }

    private static Task<XElement> TrySignIn(Play play, string name) => TrySignIn(play, name, SignIn.Password);

    [Fact]
    public async Task An_account_is_in_the_family_unless_it_is_said_otherwise()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        People people = play.Server.Home.People;
        (await people.AddAsync(new NewPerson("Anna") { Password = SignIn.Password })).ShouldBe(("anna", null));
        await people.AddAsync(
            new NewPerson("ben@kith.test")
            {
                Circle = null,
                Role = Role.Admin,
                Password = "x",
            }
        );
        people
            .List()
            .Select(person => (person.Account.Name, person.Account.Role, string.Join(",", person.Circles)))
            .ShouldBe([("anna", Role.Member, "Family"), ("ben", Role.Admin, "")]);
        await play.Connect("anna", "phone");
        await people.SetRoleAsync("ben", Role.Limited);
        play.Account("ben").Record.Role.ShouldBe(Role.Limited);
    }

    [Fact]
    public async Task Without_a_password_a_link_lets_the_person_choose_one_once()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        InviteLink link = (await play.Server.Home.People.AddAsync(new NewPerson("anna"))).Link!;
        link.Page.ShouldStartWith("https://kith.test/reset/");
        link.Uri.ShouldBe("xmpp:anna@kith.test?register;preauth=" + link.Token());
        play.Server.Home.People.Get("anna").HasPassword.ShouldBeFalse();
        (await TrySignIn(play, "anna")).ShouldMatch(string.Format(Refused, "not-authorized"));

        (await play.Server.Home.Invites.ResetAsync(link.Token(), SignIn.Password)).ShouldBe("anna");

        await play.Connect("anna", "phone");
        var again = await Should.ThrowAsync<RefusedException>(
            play.Server.Home.Invites.ResetAsync(link.Token(), "something else")
        );
        again.Why.ShouldBe(Refusal.InviteUsed);
    }

    [Theory]
    [InlineData("anna", Refusal.NameTaken)]
    [InlineData("ANNA", Refusal.NameTaken)]
    [InlineData("", Refusal.BadName)]
    [InlineData("a b", Refusal.BadName)]
    [InlineData("a@elsewhere.test", Refusal.BadName)]
    [InlineData("a/b", Refusal.BadName)]
    [InlineData("a\u0000", Refusal.BadName)]
    public async Task A_name_that_cannot_be_had_is_refused(string name, Refusal why)
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        await play.AddAccount("anna");
        (
            await Should.ThrowAsync<RefusedException>(
                play.Server.Home.People.AddAsync(new NewPerson(name) { Password = "x" })
            )
        ).Why.ShouldBe(why);
        play.Server.Home.People.List().Count.ShouldBe(1);
    }

    // Reach 9.
    [Theory, Framings]
    public async Task A_lock_ends_sessions_and_only_the_owner_hears_of_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor asleep = await play.Connect("anna", "tablet", managed: true);
        await asleep.Cut();

        await play.Server.Home.People.LockAsync("anna");

        await anna.ExpectEnd("not-authorized");
        play.Account("anna").Sessions.ShouldBeEmpty();
        (await TrySignIn(play, "anna")).ShouldMatch(string.Format(Refused, "account-disabled"));
        (await TrySignIn(play, "anna", "guess")).ShouldMatch(string.Format(Refused, "not-authorized"));
        await play.Server.Home.People.UnlockAsync("anna");
        await play.Connect("anna", "phone");
    }

    // Reach 9: between SASL and binding too.
    [Theory, Framings]
    public async Task Who_has_signed_in_and_not_bound_when_the_password_changes_does_not_bind(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna");
        Actor anna = play.Dial("anna", "phone");
        await SignIn.AuthenticateAsync(anna, SignIn.Plain("anna"));

        await play.Server.Home.People.SetPasswordAsync("anna", "another one");

        await anna.Send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        await anna.ExpectEnd("not-authorized");
        play.Account("anna").Sessions.ShouldBeEmpty();
    }

    // Reach 9.
    [Theory, Framings]
    public async Task A_reset_ends_sessions_tokens_and_the_password(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        await play.Stores.Database.WriteAsync(transaction =>
            play.Stores.Accounts.SaveFastToken(
                transaction,
                new FastTokenRecord(
                    play.Account("anna").Sessions[0].Device,
                    0,
                    "HT-SHA-256-NONE",
                    [1],
                    play.Clock.GetUtcNow().AddDays(1),
                    0
                )
            )
        );

        InviteLink first = await play.Server.Home.People.ResetAsync("anna");
        InviteLink second = await play.Server.Home.People.ResetAsync("anna");

        await anna.ExpectEnd("not-authorized");
        (await TrySignIn(play, "anna")).ShouldMatch(string.Format(Refused, "not-authorized"));
        using (Access access = play.Stores.Database.OpenRead())
            foreach (DeviceRecord device in play.Stores.Accounts.Devices(access, play.Account("anna").Id))
                play.Stores.Accounts.FastTokens(access, device.Id).ShouldBeEmpty();
        play.Server.Home.Invites.Find(first.Token()).ShouldBeNull();
        await play.Server.Home.Invites.ResetAsync(second.Token(), "a new beginning");
        (await TrySignIn(play, "anna", "a new beginning")).Name.LocalName.ShouldBe("success");
    }

    // RFC 6121 §3.2, §3.3; Reach 9.
    [Theory, Framings]
    public async Task A_removed_accounts_contacts_hear_of_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna", circle: "Family");
        await play.AddAccount("ben", circle: "Family");
        Actor anna = await play.Connect("anna", "phone", managed: true);
        Actor ben = await play.Connect("ben", "phone");
        Actor eve = await play.Connect("eve", "phone");
        await eve.Ask("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
        await ben.Ask("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
        await eve.Send("<presence type='subscribe' to='anna@kith.test'/>");
        await anna.Send("<presence type='subscribed' to='eve@kith.test'/>");
        await anna.Send("<presence type='subscribe' to='eve@kith.test'/>");
        await eve.Send("<presence type='subscribed' to='anna@kith.test'/>");
        await play.Settle();
        (ben.SeesPresence, eve.SeesPresence) = (true, true);
        eve.Forget();
        ben.Forget();

        await play.Server.Home.People.RemoveAsync("anna");

        await anna.ExpectEnd("not-authorized");
        anna.IsBound = false;
        await eve.Expect("<presence type='unavailable' from='anna@kith.test/phone'/>");
        await eve.Expect(
            """
            <iq type='set'><query xmlns='jabber:iq:roster'><item jid='anna@kith.test' subscription='none'/></query></iq>
            """
        );
        await eve.Expect("<presence type='unsubscribed' from='anna@kith.test'/>");
        await eve.Expect("<presence type='unsubscribe' from='anna@kith.test'/>");
        await ben.Expect("<presence type='unavailable' from='anna@kith.test/phone'/>");
        await ben.Expect(
            """
            <iq type='set'><query xmlns='jabber:iq:roster'><item jid='anna@kith.test' subscription='remove'/></query></iq>
            """
        );
        await play.ExpectNothing(ben, eve);
        (await TrySignIn(play, "anna")).ShouldMatch(string.Format(Refused, "not-authorized"));
        var kept = await Should.ThrowAsync<RefusedException>(
            play.Server.Home.People.AddAsync(new NewPerson("anna") { Password = "x" })
        );
        kept.Why.ShouldBe(Refusal.NameKept);
    }

    [Fact]
    public async Task A_stanza_of_a_resumable_session_in_the_removals_own_batch_harms_nothing()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        long anna = (await play.AddAccount("anna")).Id;
        using var gate = new ManualResetEventSlim();
        play.Stores.Database.Enqueue(new Blocker(gate));
        Task removed = play.Server.Home.People.RemoveAsync("anna");
        Task marked = play.Stores.Database.WriteAsync(transaction =>
            transaction.NoteInbound(new SessionMark(new byte[32], anna, "phone", 1))
        );
        gate.Set();
        await removed;
        await marked;
        play.Server.Home.People.List().ShouldBeEmpty();
    }

    private sealed class Blocker(ManualResetEventSlim gate) : Commit
    {
        public override bool Writes => false;

        public override void Released() => gate.Wait(TimeSpan.FromSeconds(10)).ShouldBeTrue();
    }

    // Laws, "Guests".
    [Theory, Framings]
    public async Task A_guest_leaves_on_the_day_and_is_removed_after_the_grace(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.Server.Home.People.AddAsync(
            new NewPerson("tim")
            {
                Role = Role.Guest,
                Password = SignIn.Password,
                Expires = play.Clock.GetUtcNow().AddDays(2),
            }
        );
        Actor tim = await play.Connect("tim", "phone");
        for (int i = 0; i < 2; i++)
            await play.Advance(TimeSpan.FromDays(1));

        await tim.ExpectEnd("not-authorized");
        (await TrySignIn(play, "tim")).ShouldMatch(string.Format(Refused, "account-disabled"));
        for (int i = 0; i < 14; i++)
            await play.Advance(TimeSpan.FromDays(1));
        play.Server.Home.People.List().ShouldHaveSingleItem();
        await play.Advance(TimeSpan.FromHours(1));
        play.Server.Home.People.List().ShouldBeEmpty();
        (await TrySignIn(play, "tim")).ShouldMatch(string.Format(Refused, "not-authorized"));
    }

    [Fact]
    public async Task Many_accounts_are_imported_into_a_circle_at_once()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        await play.AddAccount("anna", circle: "Family");
        int last = 0;
        await play.Server.Home.People.ImportAsync(
            [.. Enumerable.Range(0, 200).Select(i => ($"user{i}", $"pass{i}"))],
            "Family",
            ready => InterlockedMax(ref last, ready),
            CancellationToken.None
        );
        last.ShouldBe(200);
        play.Server.Home.Circles.All.Values.Single().Members.Count.ShouldBe(201);
        (await TrySignIn(play, "user199", "pass199")).Name.LocalName.ShouldBe("success");
    }

    [Fact]
    public async Task An_import_with_a_fault_in_it_changes_nothing()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        await play.AddAccount("anna");
        foreach (
            (string, string)[] people in new (string, string)[][]
            {
                [("ben", "x"), ("anna", "x")],
                [("ben", "x"), ("BEN", "x")],
                [("ben", "x"), ("a b", "x")],
                [("ben", "x"), ("eve", "")],
            }
        )
            await Should.ThrowAsync<RefusedException>(() =>
                play.Server.Home.People.ImportAsync(people, null, _ => { }, CancellationToken.None)
            );
        play.Server.Home.People.List().Count.ShouldBe(1);
    }

    private static void InterlockedMax(ref int max, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref max)) < value)
            Interlocked.CompareExchange(ref max, value, seen);
    }
}
