using System.Text.Json.Serialization;

namespace Kith.Administration;

/// <summary>Somebody with an account, as <c>/api/users</c> and <c>kith user list --json</c> show them.</summary>
/// <param name="Address">Null while the home has no domain.</param>
/// <param name="Role"><c>admin</c>, <c>member</c>, <c>limited</c> or <c>guest</c>.</param>
/// <param name="HasPassword">False until a password was chosen, or after a reset.</param>
internal sealed record UserView(
    string Name,
    string? Address,
    string Role,
    IReadOnlyList<string> Circles,
    bool Locked,
    bool HasPassword,
    DateTimeOffset Created,
    DateTimeOffset? Expires,
    DateTimeOffset? LastSeen
);

/// <summary>A circle and who is in it.</summary>
internal sealed record CircleView(string Name, IReadOnlyList<string> Members);

/// <summary>An invite or reset link, without its token, which only its bearer has.</summary>
/// <param name="Kind"><c>account</c>, <c>contact</c> or <c>reset</c>.</param>
/// <param name="State"><c>good</c>, <c>used</c> or <c>over</c>.</param>
/// <param name="From">Who invites; null for the box itself.</param>
/// <param name="Name">The name that it is for.</param>
internal sealed record InviteView(
    string Id,
    string Kind,
    string State,
    string? From,
    string? Name,
    string Role,
    string? Circle,
    int Uses,
    int Used,
    DateTimeOffset Created,
    DateTimeOffset Expires,
    DateTimeOffset? AccountExpires,
    string? Note
);

/// <summary>A new link, shown this once.</summary>
internal sealed record LinkView(string Id, string Url, string Uri, DateTimeOffset Expires);

/// <summary>What was refused, for programs (<c>why</c>) and for people.</summary>
internal sealed record ProblemView(string Why, string Message);

/// <summary>One finding of <c>doctor</c>.</summary>
/// <param name="State"><c>ok</c>, <c>warn</c> or <c>fail</c>.</param>
/// <param name="Advice">What to do.</param>
internal sealed record FindingView(string Check, string State, string Message, string? Advice);

/// <summary>An account to be made.</summary>
internal sealed record NewUser(string Name)
{
    public string Role { get; init; } = "member";

    /// <summary>Null: the circle Family; empty: none.</summary>
    public string? Circle { get; init; }
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Null: a link to choose one is returned.</summary>
    public string? Password { get; init; }
}

/// <summary>What was added, and the link for it to choose a password.</summary>
internal sealed record AddedUser(string Name, LinkView? Link);

/// <summary>A name and its password.</summary>
internal sealed record NameAndPassword(string Name, string Password);

/// <summary>Accounts to be made at once.</summary>
internal sealed record UserImport(IReadOnlyList<NameAndPassword> People, string? Circle = null);

/// <summary>How far an import is; at its end either <see cref="Problem"/> or <see cref="Added"/>.</summary>
internal sealed record ImportProgress(int Ready, int? Added = null, ProblemView? Problem = null);

/// <summary>An invite to be made.</summary>
internal sealed record InviteRequest
{
    public string? From { get; init; }
    public string Role { get; init; } = "member";

    /// <summary>Null: the circle Family; empty: none.</summary>
    public string? Circle { get; init; }
    public int Uses { get; init; } = 1;
    public double? Hours { get; init; }
    public DateTimeOffset? AccountExpires { get; init; }
    public string? Note { get; init; }
    public string? Name { get; init; }
}

/// <summary>A new password, role or name.</summary>
internal sealed record TextValue(string Value);

/// <summary>The home as strangers see it.</summary>
/// <param name="Domain">The second half of everybody's address.</param>
/// <param name="Name">As it is called.</param>
internal sealed record HomeView(string Domain, string Name);

/// <summary>The device that a token is for, as in SASL2's user agent (XEP-0388 §2.3).</summary>
/// <param name="Id">A UUID.</param>
internal sealed record DeviceClaim(string Id, string Software, string Name);

/// <summary>A first FAST token.</summary>
/// <param name="Address">Bare.</param>
/// <param name="Expires">Milliseconds since 1970.</param>
internal sealed record FirstTokenView(string Address, string Mechanism, string Token, long Expires);

/// <summary>What a stream gave for signing its browser in.</summary>
internal sealed record CodeClaim(string Code);

/// <summary>Who is signed in on the home's pages.</summary>
/// <param name="Address">Bare.</param>
/// <param name="Role">As in <see cref="UserView"/>.</param>
/// <param name="Expires">Milliseconds since 1970.</param>
internal sealed record SessionView(string Address, string Role, long Expires);

/// <summary>Everything that crosses <c>/api</c>, generated at compile time because the program is trimmed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(IReadOnlyList<UserView>))]
[JsonSerializable(typeof(IReadOnlyList<CircleView>))]
[JsonSerializable(typeof(IReadOnlyList<InviteView>))]
[JsonSerializable(typeof(IReadOnlyList<FindingView>))]
[JsonSerializable(typeof(LinkView))]
[JsonSerializable(typeof(ProblemView))]
[JsonSerializable(typeof(NewUser))]
[JsonSerializable(typeof(AddedUser))]
[JsonSerializable(typeof(UserImport))]
[JsonSerializable(typeof(ImportProgress))]
[JsonSerializable(typeof(InviteRequest))]
[JsonSerializable(typeof(TextValue))]
[JsonSerializable(typeof(HomeView))]
[JsonSerializable(typeof(DeviceClaim))]
[JsonSerializable(typeof(FirstTokenView))]
[JsonSerializable(typeof(CodeClaim))]
[JsonSerializable(typeof(SessionView))]
internal sealed partial class ApiJson : JsonSerializerContext;
