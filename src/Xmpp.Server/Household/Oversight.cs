using System.Collections.Immutable;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>What guardians decided for a limited account, in memory while the account is, so that the gate reads no disk.</summary>
internal sealed class Oversight
{
    private readonly ImmutableHashSet<long> _guardians;
    private readonly ImmutableHashSet<string> _approved;
    private readonly ImmutableDictionary<string, DateTimeOffset?> _requests;

    private Oversight(
        ImmutableHashSet<long> guardians,
        ImmutableHashSet<string> approved,
        ImmutableDictionary<string, DateTimeOffset?> requests
    ) => (_guardians, _approved, _requests) = (guardians, approved, requests);

    /// <summary>As committed; null for whoever has no guardians.</summary>
    public static Oversight? Read(IHouseholdStore store, Access access, AccountRecord account) =>
        account.Role != Role.Limited
            ? null
            : new(
                [.. store.Guardians(access, account.Id)],
                [.. store.Approved(access, account.Id)],
                store
                    .Requests(access, account.Id)
                    .ToImmutableDictionary(request => request.Jid, request => request.Refused)
            );

    /// <summary>Named; empty where all admins are.</summary>
    public ImmutableHashSet<long> Guardians => _guardians;

    /// <summary>Laws, "Limited accounts have guardians": all admins unless others are named.</summary>
    public bool IsGuardian(AccountRecord account) =>
        _guardians.IsEmpty ? account.Role == Role.Admin : _guardians.Contains(account.Id);

    /// <summary>A guardian approved the bare address elsewhere.</summary>
    public bool IsApproved(string bare) => _approved.Contains(bare);

    /// <summary>It waits for a guardian's word, or was refused since the time.</summary>
    public bool IsAsked(string bare, DateTimeOffset since) =>
        _requests.TryGetValue(bare, out DateTimeOffset? refused) && (refused is not { } then || then > since);
}
