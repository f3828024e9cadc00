using System.Net;

namespace Turn;

/// <summary>All that the relay is given.</summary>
public sealed record RelayOptions
{
    /// <summary>Where it listens on UDP; null for every address of both families.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The UDP port; 0: none, so that clients come on connections alone.</summary>
    public int Port { get; init; } = 3478;

    /// <summary>The first and the last port of relayed addresses; one that is in use is skipped.</summary>
    public (int First, int Last) RelayPorts { get; init; } = (49152, 65535);

    /// <summary>
    /// The public addresses behind which the relay's own are reached, the first of each family; where there is none, its own is
    /// handed out. They are no peers either. May change; asked for when <see cref="OwnAddresses"/> are.
    /// </summary>
    public Func<IReadOnlyCollection<IPAddress>> ExternalAddresses { get; init; } = static () => [];

    /// <summary>Lets clients send to loopback and private addresses. For tests: behind the box is somebody's home.</summary>
    public bool AllowPrivatePeers { get; init; }

    /// <summary>
    /// RFC 8489 §9.2. Short, because it stands in answers to whoever asks: four characters keep them below three times the question.
    /// </summary>
    public string Realm { get; init; } = "turn";

    /// <summary>Who may use the relay: the credentials that a user name may stand for (several while a secret is replaced). Asked for requests, never for data.</summary>
    public required Func<string, IEnumerable<RelayCredential>> Credentials { get; init; }

    public RelayLimits Limits { get; init; } = new();

    /// <summary>This machine's addresses, which are no peers, and neither are their neighbours; asked at most every ten seconds. Where it throws, or there are none, those of before count.</summary>
    public Func<IReadOnlyCollection<OwnAddress>> OwnAddresses { get; init; } = Interfaces.Addresses;

    /// <summary>Hears what an operator should know: a port that cannot be opened, a fault that ended a connection.</summary>
    public Action<string, Exception?> Warn { get; init; } = static (_, _) => { };

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>As limited, and never more than a third of the ports: nobody takes them all.</summary>
    internal int AllocationsPerUser =>
        Math.Min(Limits.AllocationsPerUser, Math.Max(1, (RelayPorts.Last - RelayPorts.First + 1) / 3));

    /// <summary>What is wrong with them; null when they can be used.</summary>
    internal string? Fault()
    {
        if (Port is < 0 or > 65535)
            return $"{nameof(Port)} is from 0 to 65535, not {Port}";
        if (RelayPorts.First < 1 || RelayPorts.Last > 65535 || RelayPorts.First > RelayPorts.Last)
            return $"{nameof(RelayPorts)} are from 1 to 65535, the lower first";
        return Realm.Length is 0 or > 128 || !Realm.All(char.IsAscii)
            ? $"{nameof(Realm)} has 1 to 128 characters of ASCII"
            : null;
    }
}

/// <summary>What one user, and what strangers, may take. Users are told apart by <see cref="RelayCredential.User"/>.</summary>
public sealed record RelayLimits
{
    /// <summary>Of a user at once. A browser makes one for each transport, network and call: 50 are a group call of six; a third of the ports at most.</summary>
    public int AllocationsPerUser { get; init; } = 50;

    /// <summary>Of one allocation at once; a group call's peer has about ten addresses.</summary>
    public int Permissions { get; init; } = 100;

    /// <inheritdoc cref="Permissions"/>
    public int Channels { get; init; } = 100;

    /// <summary>All of a user's allocations together, each way, and 48 for each packet; 0: no limit. 200 Mbit/s are more than most lines carry.</summary>
    public int BytesPerSecond { get; init; } = 25_000_000;

    /// <summary>Answers to strangers at one IPv4 address or IPv6 /64, one after the other; then <see cref="AnswersPerSecond"/>.</summary>
    public int AnswersAtOnce { get; init; } = 500;
    public int AnswersPerSecond { get; init; } = 50;

    /// <summary>Connections that have no allocation, from everywhere.</summary>
    public int IdleConnections { get; init; } = 500;

    /// <summary>Connections from one IPv4 address or IPv6 /64 that have no allocation.</summary>
    public int IdleConnectionsPerAddress { get; init; } = 50;

    /// <summary>How long a connection may be without an allocation, TLS handshake included.</summary>
    public TimeSpan IdleConnection { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What waits for a client that reads too slowly; what comes then is dropped, as on any busy line.</summary>
    public int QueuedBytes { get; init; } = 64 << 10;
}

/// <summary>What a user name stands for.</summary>
/// <param name="Password">Of the long-term mechanism (RFC 8489 §9.2).</param>
/// <param name="User">Whose it is: limits count all credentials of one together.</param>
/// <param name="Expires">From then on no request is answered under it.</param>
public sealed record RelayCredential(string Password, string User, DateTimeOffset Expires);
