using System.Text;
using Shouldly;
using Xmpp.Sasl;

namespace Protocol.Tests.Sasl;

/// <summary>A few accounts in memory, a domain, and what its streams advertise.</summary>
internal sealed class SaslHouse : ISaslAccounts
{
    public const string Domain = "example.org";

    public static readonly ChannelBinding EndPoint = new(ChannelBinding.ServerEndPointType, [1, 2, 3, 4, 5]);

    public static readonly MechanismList Bound = MechanismList.For(encrypted: true, EndPoint);

    public static readonly MechanismList Unbound = MechanismList.For(encrypted: true);

    private static readonly byte[] _secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly Dictionary<(string User, ScramHash Hash), ScramKeys> _keys = [];

    /// <summary>Romeo's tokens, in the order in which they are looked at.</summary>
    public IReadOnlyList<byte[]> Tokens { get; set; } = [];

    /// <summary>Keys that every name has, where a test asks for many names.</summary>
    public ScramKeys? Everybody { get; init; }

    public static SaslHouse WithRomeo()
    {
        var house = new SaslHouse();
        house.Add("romeo", "pencil");
        return house;
    }

    /// <summary>Adds keys for both hashes, with few rounds, because the tests sign in often.</summary>
    public void Add(string user, string password)
    {
        foreach (var hash in Enum.GetValues<ScramHash>())
            Add(user, ScramKeys.Derive(password, hash, new byte[ScramKeys.SaltLength], ScramKeys.FewestIterations));
    }

    public void Add(string user, ScramKeys with) => _keys[(user, with.Hash)] = with;

    public SaslContext Context(MechanismList offered) => new(this, Domain, _secret, offered);

    public ServerMechanism Server(string name, MechanismList? offered = null)
    {
        var context = Context(offered ?? Bound);
        return ServerMechanism.Create(name, context)
            ?? HtServer.Create(name, context, user => user == "romeo" ? Tokens : [])
            ?? throw new ArgumentException("Not offered: " + name, nameof(name));
    }

    public string? PrepareUser(string name) =>
        name.Length is 0 or > 1023 || name.Contains(' ') ? null : name.ToLowerInvariant();

    public string? PreparePassword(string password) => password.Contains('\x7') ? null : password;

    public ScramKeys? Find(string user, ScramHash hash) => Everybody ?? _keys.GetValueOrDefault((user, hash));
}

/// <summary>Reads and writes what goes over the wire as text.</summary>
internal static class SaslText
{
    public static SaslStep Next(this ServerMechanism server, string input) =>
        server.Next(Encoding.UTF8.GetBytes(input));

    public static string Text(this SaslStep step) => Encoding.UTF8.GetString(step.Data);

    public static string Text(this byte[]? data) => Encoding.UTF8.GetString(data ?? []);

    /// <summary>Plays the exchange to its end, with the client checking the server.</summary>
    public static SaslStep SignIn(this ServerMechanism server, ClientMechanism client)
    {
        var step = server.Next(client.Start());
        while (step.Outcome == SaslOutcome.Challenge)
        {
            if (client.Respond(step.Data) is not { } response)
                return SaslStep.Failure(SaslFailure.Aborted);
            step = server.Next(response);
        }

        return step.Outcome == SaslOutcome.Success && !client.Accept(step.Data)
            ? SaslStep.Failure(SaslFailure.Aborted)
            : step;
    }

    public static void ShouldFail(this SaslStep step, SaslFailure condition)
    {
        step.Outcome.ShouldBe(SaslOutcome.Failure);
        step.Condition.ShouldBe(condition);
        step.User.ShouldBeNull();
        step.Data.ShouldBeEmpty();
    }

    public static void ShouldBe(this SaslStep step, string user)
    {
        step.Outcome.ShouldBe(SaslOutcome.Success);
        step.User.ShouldBe(user);
    }
}
