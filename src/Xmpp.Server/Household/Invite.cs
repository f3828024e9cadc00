using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>An invite to be made.</summary>
public sealed record NewInvite
{
    /// <summary>Who invites; null for the box itself.</summary>
    public string? From { get; init; }
    public Role Role { get; init; }

    /// <summary>The circle that whoever comes joins; null for none.</summary>
    public string? Circle { get; init; } = Circles.Default;
    public int Uses { get; init; } = 1;

    /// <summary>How long it can be used.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>When the accounts that come of it end.</summary>
    public DateTimeOffset? AccountExpires { get; init; }
    public string? Note { get; init; }

    /// <summary>The name that its account will have.</summary>
    public string? Name { get; init; }

    /// <summary>No account comes of it: it makes somebody a contact of the inviter (XEP-0379).</summary>
    public bool ContactOnly { get; init; }
}

/// <summary>A new invite with its token, which only who gets the link knows from now on.</summary>
/// <param name="Page">The <c>https:</c> link.</param>
/// <param name="Uri">The <c>xmpp:</c> twin.</param>
public sealed record InviteLink(InviteRecord Invite, string Page, string Uri);

/// <summary>Whether an invite or a reset link can still be used.</summary>
public enum InviteState
{
    Good,
    Used,
    Over,
}

/// <summary>An invite or a reset link, with names in the place of ids.</summary>
/// <param name="From">The inviter's name; null for the box itself.</param>
/// <param name="Circle">The circle to join; null for none.</param>
/// <param name="Person">For a reset link: whose.</param>
public sealed record Invite(InviteRecord Record, string? From, string? Circle, string? Person, InviteState State);

/// <summary>Tokens that a link's bearer sends itself: 192 bits of the system's CSPRNG, kept as their hash.</summary>
public static class LinkToken
{
    private const int Bytes = 24;

    /// <summary>Longer ones are not looked up.</summary>
    public const int LongestText = 64;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
