using Kith.Tests.Client;
using Kith.Tests.Program;

namespace Kith.Tests.Crash;

/// <summary>Everybody at home: who writes to whom, from what, over which line, and what all of them must have in the end.</summary>
internal sealed class Crowd
{
    private readonly List<Person> _people = [];
    private readonly Dictionary<Device, string> _partners = [];
    private readonly Dictionary<string, long> _audited = [];
    private readonly KithHome _home;

    public Crowd(KithHome home)
    {
        _home = home;
        Pair(("ada", Habit.Steady, CatchUp.Archive), ("ben", Habit.Steady, CatchUp.Archive), devices: 2);
        Pair(("cleo", Habit.Steady, CatchUp.Archive), ("dan", Habit.Flaky, CatchUp.Archive));
        Pair(("eve", Habit.Flaky, CatchUp.Offline), ("finn", Habit.ComesAndGoes, CatchUp.Archive));
        Pair(("gus", Habit.ComesAndGoes, CatchUp.Offline), ("hal", Habit.Steady, CatchUp.Offline));
    }

    public static string[] Names => ["ada", "ben", "cleo", "dan", "eve", "finn", "gus", "hal"];

    public Traffic Traffic { get; } = new();
    public int Messages { get; private set; }
    public int Resumed => _people.Sum(person => person.Resumed);
    public int Refused => _people.Sum(person => person.Refused);

    private IEnumerable<Device> Devices => _people.Select(person => person.Device);

    private void Pair(
        (string Name, Habit Habit, CatchUp CatchUp) a,
        (string Name, Habit Habit, CatchUp CatchUp) b,
        int devices = 1
    )
    {
        foreach (string resource in ((string[])["phone", "laptop"])[..devices])
        {
            Device left = Make(a.Name, resource, a.CatchUp, devices > 1);
            Device right = Make(b.Name, resource, b.CatchUp, devices > 1);
            _people.Add(new Person(left, right, a.Habit, _home.DirectTls, Traffic));
            _people.Add(new Person(right, left, b.Habit, _home.StartTls, Traffic));
            (_partners[left], _partners[right]) = (right.Account, left.Account);
        }
    }

    private Device Make(string name, string resource, CatchUp catchUp, bool carbons) =>
        new(KithHome.Domain, name, resource)
        {
            CatchUp = catchUp,
            Carbons = carbons,
            Stirred = Traffic.Stir,
        };

    /// <summary>Everybody writes until the plug is pulled.</summary>
    public Task LiveAsync(Random random)
    {
        int[] seeds = [.. _people.Select(_ => random.Next())];
        return Task.WhenAll(_people.Select((person, i) => Task.Run(() => person.LiveAsync(new Random(seeds[i])))));
    }

    /// <summary>All the connections have noticed.</summary>
    public Task AloneAsync() => Task.WhenAll(Devices.Select(device => device.Ended));

    /// <summary>Everybody is back, nothing is open, nothing is missing.</summary>
    public Task SettleAsync() => Task.WhenAll(_people.Select(person => person.SettleAsync(WritersFor(person.Device))));

    // Whose words the device must have: those of who writes to its person, and what its person wrote elsewhere.
    private IEnumerable<Device> WritersFor(Device device) =>
        Devices.Where(writer =>
            _partners[writer] == device.Account || (writer.Account == device.Account && writer != device)
        );

    /// <summary>
    /// Each message of this round stands exactly once in both archives, in the order of its sender, and was shown exactly
    /// once. Returns what is wrong.
    /// </summary>
    public async Task<IReadOnlyList<string>> AuditAsync()
    {
        List<string> wrong = [.. Devices.SelectMany(device => device.Faults)];
        foreach (IGrouping<string, Device> account in Devices.GroupBy(device => device.Account))
        {
            Device reader = account.First();
            IReadOnlyList<Seen> archive = await reader.WalkAsync(_audited.GetValueOrDefault(account.Key));
            IEnumerable<Device> writers = Devices.Where(writer =>
                writer.Account == account.Key || _partners[writer] == account.Key
            );
            wrong.AddRange(writers.SelectMany(writer => Compare(account.Key, writer, archive)));
            int expected = writers.Sum(writer => writer.Keys.Count);
            if (archive.Count != expected)
                wrong.Add($"the archive of {account.Key} has {archive.Count} new messages, not {expected}");
            if (archive.Count > 0)
                _audited[account.Key] = archive[^1].StanzaId;
        }
        Messages += Devices.Sum(device => device.Keys.Count);
        foreach (Device device in Devices)
            device.Keys.Clear();
        return wrong;
    }

    private static IEnumerable<string> Compare(string archive, Device writer, IReadOnlyList<Seen> found)
    {
        string prefix = writer.Keys.Count == 0 ? "" : writer.Keys[0][..(writer.Keys[0].LastIndexOf('-') + 1)];
        string[] stored =
        [
            .. found
                .Select(seen => seen.Key)
                .Where(key => prefix.Length > 0 && key.StartsWith(prefix, StringComparison.Ordinal)),
        ];
        foreach (IGrouping<string, string> key in stored.GroupBy(key => key).Where(key => key.Count() > 1))
            yield return $"{key.Key} stands {key.Count()} times in the archive of {archive}";
        foreach (string missing in writer.Keys.Except(stored))
            yield return $"{missing} is missing in the archive of {archive}; acknowledged: {writer.HasAcknowledged(missing)}";
        if (stored.Distinct().SequenceEqual(writer.Keys) || stored.Length < writer.Keys.Count)
            yield break;
        yield return $"{writer.Jid}'s order is not kept in the archive of {archive}: {string.Join(' ', stored)}";
    }
}
