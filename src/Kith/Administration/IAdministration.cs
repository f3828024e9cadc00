namespace Kith.Administration;

/// <summary>
/// What the command line can ask for, whether the service runs (<see cref="RemoteAdministration"/>) or the command holds
/// the data directory itself (<see cref="LocalAdministration"/>).
/// </summary>
/// <remarks>Each throws <see cref="Xmpp.Server.Household.RefusedException"/> with words for people.</remarks>
internal interface IAdministration : IAsyncDisposable
{
    Task<IReadOnlyList<UserView>> UsersAsync(CancellationToken cancellation);
    Task<AddedUser> AddUserAsync(NewUser user, CancellationToken cancellation);
    Task<int> ImportAsync(UserImport import, Action<int> ready, CancellationToken cancellation);
    Task RemoveUserAsync(string name, CancellationToken cancellation);
    Task SetPasswordAsync(string name, string password, CancellationToken cancellation);
    Task SetRoleAsync(string name, string role, CancellationToken cancellation);
    Task LockAsync(string name, bool locked, CancellationToken cancellation);
    Task<LinkView> ResetAsync(string name, CancellationToken cancellation);

    Task<IReadOnlyList<CircleView>> CirclesAsync(CancellationToken cancellation);
    Task CreateCircleAsync(string name, CancellationToken cancellation);
    Task RemoveCircleAsync(string name, CancellationToken cancellation);
    Task SetMemberAsync(string circle, string name, bool member, CancellationToken cancellation);

    Task<IReadOnlyList<InviteView>> InvitesAsync(CancellationToken cancellation);
    Task<LinkView> CreateInviteAsync(InviteRequest request, CancellationToken cancellation);
    Task RevokeInviteAsync(string id, CancellationToken cancellation);

    Task<IReadOnlyList<FindingView>> DoctorAsync(CancellationToken cancellation);
}
