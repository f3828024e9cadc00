using System.Net;
using System.Net.Sockets;

namespace WebPush;

/// <summary>All that the sender is given.</summary>
public sealed record PushOptions
{
    /// <summary>
    /// The private key that this application server is known by (RFC 8292 §2), PEM; made once by
    /// <see cref="PushSender.NewKey"/> and kept: subscriptions belong to it.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>Whom a push service may ask about this sender (RFC 8292 §2.1): a <c>mailto:</c> or <c>https:</c> URI.</summary>
    public required string Contact { get; init; }

    /// <summary>Lets pushes go to loopback and private addresses. Endpoints come from clients: not where these are strangers.</summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>How often one push is tried at most.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The wait before the second attempt; each further one is twice as long, and up to a quarter is added at random.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A push service that asks for more patience (<c>Retry-After</c>) is given up.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>What one attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The plaintext is filled up to a multiple of so many bytes, so that its length says little (RFC 8291 §4); 1 for none.</summary>
    public int PaddedTo { get; init; } = 512;

    /// <summary>Looks a host name up; the system's resolver unless something else is given.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } =
        static (host, cancellation) => System.Net.Dns.GetHostAddressesAsync(host, cancellation);

    /// <summary>Connects to the first of a host's addresses that can be reached; one after the other unless something else is given.</summary>
    public Func<IPAddress[], int, CancellationToken, Task<Socket>> Connect { get; init; } = Connector.InTurnAsync;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What is wrong with them; null when they can be used.</summary>
    internal string? Fault()
    {
        bool mayAsk =
            Uri.TryCreate(Contact, UriKind.Absolute, out Uri? contact)
            && (contact.Scheme == Uri.UriSchemeMailto || contact.Scheme == Uri.UriSchemeHttps);
        if (!mayAsk)
            return $"{nameof(Contact)} is a mailto: or https: URI, not “{Contact}”";
        if (Attempts < 1 || PaddedTo < 1)
            return $"{nameof(Attempts)} and {nameof(PaddedTo)} are at least 1";
        return FirstWait < TimeSpan.Zero || Timeout <= TimeSpan.Zero
            ? $"{nameof(FirstWait)} and {nameof(Timeout)} are times to come"
            : null;
    }
}
