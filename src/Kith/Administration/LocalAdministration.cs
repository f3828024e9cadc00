using Xmpp.Server;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;

namespace Kith.Administration;

/// <summary>The household itself, in this process: behind <c>/api</c>, and for the commands while the service is stopped.</summary>
/// <param name="examine">Runs the checks of <c>doctor</c>.</param>
/// <param name="owned">What ends with it.</param>
internal sealed class LocalAdministration(
    XmppServer server,
    Func<CancellationToken, Task<IReadOnlyList<FindingView>>> examine,
    IAsyncDisposable? owned = null
) : IAdministration
{
    /// <summary>Stands in the place of the domain before there is one, so that names can be prepared.</summary>
    public const string NoDomain = "home.invalid";

    private Home Home => server.Home;
    private bool HasDomain => server.Options.Domain != NoDomain;

    public Task<IReadOnlyList<UserView>> UsersAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<UserView>>([.. Home.People.List().Select(View)]);

    private UserView View(Person person) =>
        new(
            person.Account.Name,
            HasDomain ? person.Address.ToString() : null,
            Roles.Name(person.Account.Role),
            person.Circles,
            person.Account.Locked,
            person.HasPassword,
            person.Account.Created,
            person.Account.Expires,
            person.Account.LastSeen
        );

    public async Task<AddedUser> AddUserAsync(NewUser user, CancellationToken cancellation)
    {
        if (user.Password is null)
            NeedDomain();
        var person = new NewPerson(user.Name)
        {
            Role = Roles.Parse(user.Role),
            Circle = CircleOf(user.Circle, Circles.Default),
            Expires = user.Expires,
            Password = user.Password,
        };
        (string name, InviteLink? link) = await Home.People.AddAsync(person);
        return new AddedUser(name, link is null ? null : View(link));
    }

    public async Task<int> ImportAsync(UserImport import, Action<int> ready, CancellationToken cancellation)
    {
        await Home.People.ImportAsync(
            [.. import.People.Select(person => (person.Name, person.Password))],
            CircleOf(import.Circle, null),
            ready,
            cancellation
        );
        return import.People.Count;
    }

    public Task RemoveUserAsync(string name, CancellationToken cancellation) => Home.People.RemoveAsync(name);

    public Task SetPasswordAsync(string name, string password, CancellationToken cancellation) =>
        Home.People.SetPasswordAsync(name, password);

    public Task SetRoleAsync(string name, string role, CancellationToken cancellation) =>
        Home.People.SetRoleAsync(name, Roles.Parse(role));

    public Task LockAsync(string name, bool locked, CancellationToken cancellation) =>
        locked ? Home.People.LockAsync(name) : Home.People.UnlockAsync(name);

    public async Task<LinkView> ResetAsync(string name, CancellationToken cancellation)
    {
        NeedDomain();
        return View(await Home.People.ResetAsync(name));
    }

    public Task<IReadOnlyList<CircleView>> CirclesAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<CircleView>>([
            .. Home
                .Circles.All.Values.OrderBy(circle => circle.Name, StringComparer.OrdinalIgnoreCase)
                .Select(circle => new CircleView(
                    circle.Name,
                    [.. circle.Members.Values.Select(member => member.Local!).Order(StringComparer.Ordinal)]
                )),
        ]);

    public Task CreateCircleAsync(string name, CancellationToken cancellation) => Home.Circles.CreateAsync(name);

    public Task RemoveCircleAsync(string name, CancellationToken cancellation) => Home.Circles.RemoveAsync(name);

    public Task SetMemberAsync(string circle, string name, bool member, CancellationToken cancellation) =>
        member ? Home.Circles.AddAsync(circle, name) : Home.Circles.DropAsync(circle, name);

    public Task<IReadOnlyList<InviteView>> InvitesAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<InviteView>>([.. Home.Invites.List().Select(View)]);

    private static InviteView View(Invite invite) =>
        new(
            invite.Record.Id,
            invite.Record.Reset is not null ? "reset"
                : invite.Record.ContactOnly ? "contact"
                : "account",
            invite.State.ToString().ToLowerInvariant(),
            invite.From,
            invite.Person ?? invite.Record.Name,
            Roles.Name(invite.Record.Role),
            invite.Circle,
            invite.Record.Uses,
            invite.Record.Used,
            invite.Record.Created,
            invite.Record.Expires,
            invite.Record.AccountExpires,
            invite.Record.Note
        );

    public async Task<LinkView> CreateInviteAsync(InviteRequest request, CancellationToken cancellation)
    {
        NeedDomain();
        var wanted = new NewInvite
        {
            From = request.From,
            Role = Roles.Parse(request.Role),
            Circle = CircleOf(request.Circle, Circles.Default),
            Uses = request.Uses,
            AccountExpires = request.AccountExpires,
            Note = request.Note,
            Name = request.Name,
        };
        if (request.Hours is { } hours)
            wanted = wanted with { Lifetime = TimeSpan.FromHours(Math.Clamp(hours, -1, 24 * 365 * 10)) };
        return View(await Home.Invites.CreateAsync(wanted));
    }

    public Task RevokeInviteAsync(string id, CancellationToken cancellation) => Home.Invites.RevokeAsync(id);

    public Task<IReadOnlyList<FindingView>> DoctorAsync(CancellationToken cancellation) => examine(cancellation);

    private static LinkView View(InviteLink link) => new(link.Invite.Id, link.Page, link.Uri, link.Invite.Expires);

    private static string? CircleOf(string? asked, string? standard) =>
        asked is null ? standard
        : asked.Length == 0 ? null
        : asked;

    // A link without the home's address would lead nowhere.
    private void NeedDomain()
    {
        if (!HasDomain)
            throw new RefusedException(
                Refusal.BadRequest,
                "This home has no address yet, and a link needs one: set Domain in kith.json, or give --set Domain=…"
            );
    }

    public ValueTask DisposeAsync() => owned?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>Roles as people write them.</summary>
internal static class Roles
{
    private static readonly (Role Role, string Name)[] _all =
    [
        (Role.Admin, "admin"),
        (Role.Member, "member"),
        (Role.Limited, "limited"),
        (Role.Guest, "guest"),
    ];

    public static IEnumerable<string> Names => _all.Select(entry => entry.Name);

    public static string Name(Role role) => _all.First(entry => entry.Role == role).Name;

    /// <exception cref="RefusedException">There is no such role.</exception>
    public static Role Parse(string name)
    {
        foreach (var (role, known) in _all)
            if (known == name)
                return role;
        throw new RefusedException(Refusal.BadRequest, $"There is no role “{name}”: {string.Join(", ", Names)}.");
    }
}
