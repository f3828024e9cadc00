using System.Text;
using Protocol.Tests.Turn.Stage;
using Shouldly;
using Turn;
using Turn.Protocol;
using Xunit;

namespace Protocol.Tests.Turn;

/// <summary>Who is believed, and what strangers get (RFC 8489 §9.2, security.md, "Relay").</summary>
public sealed class AuthenticationTests : IDisposable
{
    private readonly TestRelay _relay = new();

    [Fact]
    public void A_binding_request_is_answered_to_anybody()
    {
        TestClient ann = _relay.Client();
        Answer answer = ann.Ask(StunMethod.Binding).ShouldNotBeNull();
        answer.Class.ShouldBe(StunClass.Success);
        answer.Address(StunAttribute.XorMappedAddress).ShouldBe(ann.Remote.ToEndPoint());
        answer.Raw.Length.ShouldBe(32);
    }

    [Fact]
    public void Whoever_has_proved_nothing_gets_at_most_three_bytes_for_one()
    {
        TestClient ann = _relay.Client();
        (byte[] Request, bool Answered)[] all =
        [
            (ann.Request(StunMethod.Binding, ann.NewTransaction()), true),
            (ann.Request(StunMethod.Allocate, ann.NewTransaction(), TestClient.Transport), true),
            // Too short for the challenge.
            (ann.Request(StunMethod.Allocate, ann.NewTransaction()), false),
            (ann.Request(StunMethod.Refresh, ann.NewTransaction()), false),
            (ann.Request(StunMethod.Binding, ann.NewTransaction(), ((StunAttribute)0x7001, [])), true),
            (ann.Request(StunMethod.Binding, ann.NewTransaction(), Unknown(8)), true),
        ];
        foreach ((byte[] request, bool answered) in all)
        {
            Answer? answer = ann.Ask(request);
            (answer is not null).ShouldBe(answered);
            answer?.Raw.Length.ShouldBeLessThanOrEqualTo(3 * request.Length);
        }

        static (StunAttribute, byte[])[] Unknown(int count) =>
            [.. Enumerable.Range(0x7000, count).Select(type => ((StunAttribute)type, Array.Empty<byte>()))];
    }

    [Fact]
    public void Whoever_asks_too_often_from_one_place_is_not_answered_and_others_are()
    {
        TestClient ann = _relay.Client();
        int answered = Enumerable.Range(0, 2000).Count(_ => ann.Ask(StunMethod.Binding) is not null);
        answered.ShouldBe(500);
        ann.Ask(StunMethod.Allocate, TestClient.Transport).ShouldBeNull();
        _relay.Client(address: "8.8.4.4").Ask(StunMethod.Binding).ShouldNotBeNull();
        // Who has proved who it is goes on.
        TestClient bob = _relay.Client("bob", address: "8.8.4.4").Challenged();
        for (int i = 0; i < 2000; i++)
            bob.Ask(StunMethod.Binding);
        bob.Ask(StunMethod.Allocate, TestClient.Transport).ShouldNotBeNull().Error.ShouldBe(StunError.None);
        _relay.Clock.Advance(TimeSpan.FromSeconds(1));
        Enumerable.Range(0, 2000).Count(_ => ann.Ask(StunMethod.Binding) is not null).ShouldBe(50);
    }

    // Each costs several hashes.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whoever_guesses_too_often_is_not_even_checked(bool isStream)
    {
        int checks = 0;
        using var relay = new TestRelay(options =>
            options with
            {
                Credentials = name =>
                {
                    checks++;
                    return options.Credentials(name);
                },
            }
        );
        TestClient eve = relay.Client("eve", isStream).Challenged();
        eve.Password += "x";
        for (int i = 0; i < 2000; i++)
            eve.Ask(StunMethod.Allocate, TestClient.Transport);
        checks.ShouldBeLessThanOrEqualTo(500);
        eve.Ask(StunMethod.Allocate, TestClient.Transport).ShouldBeNull();
        relay.Client(address: "8.8.4.4").Allocate();
        relay.Clock.Advance(TimeSpan.FromSeconds(1));
        relay.Client("ann", isStream).Allocate();
    }

    // Whoever writes another's address into packets silences it no more than this.
    [Fact]
    public void Whoever_has_a_nonce_is_answered_however_many_ask_in_its_name()
    {
        (TestClient ann, TestClient bob) = (_relay.Client(), _relay.Client("bob").Challenged());
        ann.Allocate();
        TestClient forged = _relay.Client();
        for (int i = 0; i < 2000; i++)
            forged.Ask(StunMethod.Binding);
        forged.Ask(StunMethod.Binding).ShouldBeNull();
        bob.Password += "x";
        bob.Ask(StunMethod.Allocate, TestClient.Transport).ShouldNotBeNull().Error.ShouldBe(StunError.Unauthorized);
        ann.Nonce = [.. ann.Nonce.Reverse()];
        ann.Refresh(600).ShouldBe(StunError.StaleNonce);
    }

    [Fact]
    public void Whoever_is_locked_out_while_an_allocation_is_made_has_none()
    {
        TestRelay? relay = null;
        bool locked = false;
        using var own = relay = new TestRelay(options =>
            options with
            {
                Credentials = name =>
                {
                    RelayCredential[] found = locked ? [] : [.. options.Credentials(name)];
                    // The lock-out comes right after the request was proved.
                    locked = true;
                    relay?.Server.Table.RemoveAll("ann");
                    return found;
                },
            }
        );
        TestClient ann = own.Client().Challenged();
        ann.Ask(StunMethod.Allocate, TestClient.Transport).ShouldNotBeNull().Error.ShouldBe(StunError.Unauthorized);
        own.Sockets.Open.ShouldBeEmpty();
        own.Server.Table.Users().ShouldBeEmpty();
    }

    [Fact]
    public void The_wrong_password_name_or_realm_is_nobody()
    {
        foreach (
            Action<TestClient> wrong in (Action<TestClient>[])
                [
                    client => client.Password += "x",
                    client => client.Username = "ann",
                    client => client.Username = "",
                    client => client.Username = client.Username.Replace("ann", "bob", StringComparison.Ordinal),
                    client => client.Realm = Encoding.ASCII.GetBytes("other"),
                ]
        )
        {
            TestClient ann = _relay.Client().Challenged();
            wrong(ann);
            ann.Ask(StunMethod.Allocate, TestClient.Transport).ShouldNotBeNull().Error.ShouldBe(StunError.Unauthorized);
        }

        _relay.Sockets.Open.ShouldBeEmpty();
    }

    [Fact]
    public void A_credential_ends_with_its_time()
    {
        TestClient ann = _relay.Client().Challenged();
        ann.Allocate();
        _relay.Clock.Advance(TimeSpan.FromMinutes(9));
        for (int i = 0; i < 5; i++)
        {
            ann.Refresh(3600).ShouldBe(StunError.None);
            _relay.Clock.Advance(TimeSpan.FromMinutes(9));
        }

        ann.Permit(TestRelay.World).ShouldBe(StunError.None);
        _relay.Clock.Advance(TimeSpan.FromMinutes(7));
        // A new nonce, because that is an hour old as well.
        ann.Ask(StunMethod.Refresh).ShouldNotBeNull().Error.ShouldBe(StunError.StaleNonce);
        ann.Nonce = new Answer(ann.Received[^1]).Bytes(StunAttribute.Nonce);
        ann.Refresh(600).ShouldBe(StunError.Unauthorized);
        ann.Permit(TestRelay.World).ShouldBe(StunError.Unauthorized);
        TestClient late = _relay.Client();
        _relay.Clock.Advance(TimeSpan.FromHours(1));
        late.Challenged()
            .Ask(StunMethod.Allocate, TestClient.Transport)
            .ShouldNotBeNull()
            .Error.ShouldBe(StunError.Unauthorized);
    }

    // Whoever learned a secret once could write any end into a name.
    [Fact]
    public void A_credential_for_ever_is_none()
    {
        TestClient ann = _relay.Client();
        (ann.Username, ann.Password) = _relay.Credentials.Issue("ann", _relay.Clock.GetUtcNow().AddYears(1));
        ann.Challenged()
            .Ask(StunMethod.Allocate, TestClient.Transport)
            .ShouldNotBeNull()
            .Error.ShouldBe(StunError.Unauthorized);
    }

    [Fact]
    public void A_secret_is_replaced_and_the_one_before_still_counts()
    {
        TestClient ann = _relay.Client();
        _relay.Secrets.Insert(0, [1, 2, 3]);
        ann.Allocate();
        _relay.Client("bob").Allocate();
        _relay.Secrets.RemoveAt(1);
        _relay
            .Client("eve")
            .Challenged()
            .Ask(StunMethod.Allocate, TestClient.Transport)
            .ShouldNotBeNull()
            .Error.ShouldBe(StunError.None);
        TestClient old = _relay.Client();
        _relay.Secrets[0] = [4];
        old.Challenged()
            .Ask(StunMethod.Allocate, TestClient.Transport)
            .ShouldNotBeNull()
            .Error.ShouldBe(StunError.Unauthorized);
    }

    [Fact]
    public void A_nonce_is_for_one_client_and_one_hour()
    {
        TestClient ann = _relay.Client().Challenged();
        TestClient other = _relay.Client();
        (other.Nonce, other.Realm) = (ann.Nonce, ann.Realm);
        other.Ask(StunMethod.Allocate, TestClient.Transport).ShouldNotBeNull().Error.ShouldBe(StunError.StaleNonce);
        ann.Allocate();
        ann.Ask(StunMethod.Refresh, TestClient.Lifetime(3600)).ShouldNotBeNull().Error.ShouldBe(StunError.None);
        _relay.Clock.Advance(TimeSpan.FromMinutes(59));
        ann.Refresh(3600).ShouldBe(StunError.None);
        _relay.Clock.Advance(TimeSpan.FromMinutes(2));
        Answer stale = ann.Ask(StunMethod.Refresh).ShouldNotBeNull();
        stale.Error.ShouldBe(StunError.StaleNonce);
        stale.Bytes(StunAttribute.Nonce).ShouldNotBe(ann.Nonce);
        foreach (
            byte[] nonsense in (byte[][])
                [
                    [],
                    [1],
                    new byte[32],
                    new byte[500],
                    [.. ann.Nonce, 65],
                ]
        )
        {
            ann.Nonce = nonsense.Length == 0 ? [65] : nonsense;
            ann.Ask(StunMethod.Refresh).ShouldNotBeNull().Error.ShouldBe(StunError.StaleNonce);
        }
    }

    // platform.md: refresh by another user.
    [Fact]
    public void Nobody_else_may_use_an_allocation_from_the_same_address()
    {
        TestClient ann = _relay.Client();
        ann.Allocate();
        (string mine, string password) = (ann.Username, ann.Password);
        (ann.Username, ann.Password) = _relay.Credentials.Issue("eve", _relay.Clock.GetUtcNow().AddMinutes(5));
        ann.Refresh(0).ShouldBe(StunError.WrongCredentials);
        ann.Permit(TestRelay.World).ShouldBe(StunError.WrongCredentials);
        ann.BindChannel(0x4000, TestRelay.World).ShouldBe(StunError.WrongCredentials);
        (ann.Username, ann.Password) = (mine, password);
        ann.Permit(TestRelay.World).ShouldBe(StunError.None);
    }

    [Fact]
    public void The_stronger_algorithms_are_used_by_who_knows_them()
    {
        TestClient ann = _relay.Client().Challenged();
        byte[] offered = new Answer(ann.Received[^1]).Bytes(StunAttribute.PasswordAlgorithms);
        offered.ShouldBe([0, 2, 0, 0, 0, 1, 0, 0]);
        ann.Sha256 = true;
        ann.Extra.Add((StunAttribute.PasswordAlgorithms, offered));
        ann.Extra.Add((StunAttribute.PasswordAlgorithm, [0, 2, 0, 0]));
        Answer answer = ann.Ask(StunMethod.Allocate, TestClient.Transport).ShouldNotBeNull();
        answer.Error.ShouldBe(StunError.None);
        answer.Has(StunAttribute.MessageIntegritySha256).ShouldBeTrue();
        answer.IsSignedBy(ann.Username, "turn", ann.Password, PasswordAlgorithm.Sha256).ShouldBeTrue();
    }

    // RFC 8489 §9.2.4: what was offered comes back, or somebody between has made it weaker.
    [Fact]
    public void A_changed_offer_is_a_bad_request()
    {
        foreach (
            (byte[]? offered, byte[]? chosen) in ((byte[]?, byte[]?)[])
                [
                    ([0, 1, 0, 0], [0, 1, 0, 0]),
                    ([0, 2, 0, 0, 0, 1, 0, 0], null),
                    (null, [0, 1, 0, 0]),
                    ([0, 2, 0, 0, 0, 1, 0, 0], [0, 3, 0, 0]),
                    ([0, 2, 0, 0, 0, 1, 0, 0], [0]),
                ]
        )
        {
            TestClient ann = _relay.Client().Challenged();
            if (offered is not null)
                ann.Extra.Add((StunAttribute.PasswordAlgorithms, offered));
            if (chosen is not null)
                ann.Extra.Add((StunAttribute.PasswordAlgorithm, chosen));
            ann.Ask(StunMethod.Allocate, TestClient.Transport).ShouldNotBeNull().Error.ShouldBe(StunError.BadRequest);
        }
    }

    [Fact]
    public void A_claim_that_is_not_whole_is_a_bad_request()
    {
        TestClient ann = _relay.Client();
        var writer = new StunWriter(new byte[512], StunMethod.Allocate, StunClass.Request, ann.NewTransaction());
        writer.Bytes(StunAttribute.Username, "ann"u8);
        writer.Integrity([1, 2, 3], sha256: false);
        ann.Ask(writer.Written.ToArray()).ShouldNotBeNull().Error.ShouldBe(StunError.BadRequest);
    }

    [Fact]
    public void What_must_be_understood_and_is_not_is_named()
    {
        TestClient ann = _relay.Client();
        ann.Allocate();
        Answer answer = ann.Ask(StunMethod.Refresh, ((StunAttribute)0x7ABC, [1, 2, 3])).ShouldNotBeNull();
        answer.Error.ShouldBe(StunError.UnknownAttribute);
        answer.Bytes(StunAttribute.UnknownAttributes).ShouldBe([0x7A, 0xBC]);
        ann.Ask(StunMethod.Refresh, ((StunAttribute)0x8ABC, [1])).ShouldNotBeNull().Error.ShouldBe(StunError.None);
    }

    // RFC 6062 is off, and so is what nobody has defined.
    [Theory]
    [InlineData(0x000)]
    [InlineData(0x00A)]
    [InlineData(0x00B)]
    [InlineData(0xFFF)]
    public void Unknown_methods_are_not_answered(int method)
    {
        TestClient ann = _relay.Client();
        ann.Allocate();
        ann.Ask((StunMethod)method).ShouldBeNull();
    }

    [Fact]
    public void Answers_carry_a_fingerprint_where_the_request_did()
    {
        TestClient ann = _relay.Client();
        var writer = new StunWriter(new byte[512], StunMethod.Binding, StunClass.Request, ann.NewTransaction());
        writer.Fingerprint();
        Answer answer = ann.Ask(writer.Written.ToArray()).ShouldNotBeNull();
        answer.Has(StunAttribute.Fingerprint).ShouldBeTrue();
        byte[] wrong = writer.Written.ToArray();
        wrong[^1] ^= 1;
        ann.Give(wrong).ShouldBeFalse();
    }

    [Fact]
    public void Issued_names_are_read_back_and_nonsense_is_not()
    {
        DateTimeOffset end = _relay.Clock.GetUtcNow().AddHours(3);
        (string username, string password) = _relay.Credentials.Issue("a:b", end);
        RelayCredential credential = _relay.Credentials.Find(username).Single();
        credential.ShouldBe(new RelayCredential(password, "a:b", end));
        foreach (string nonsense in (string[])["", ":", ":ann", "x:ann", "-1:ann", "99999999999999999999:ann", "ann"])
            _relay.Credentials.Find(nonsense).ShouldBeEmpty();
    }

    public void Dispose() => _relay.Dispose();
}
