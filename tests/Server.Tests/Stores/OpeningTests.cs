using Shouldly;
using Storage;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

public sealed class OpeningTests : IDisposable
{
    private readonly Home _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_database_written_by_a_newer_version_is_refused()
    {
        await Change("PRAGMA user_version = 99");
        StorageException error = Refused();
        error.Message.ShouldContain("newer version");
        error.Message.ShouldContain(_home.Options.Path);
    }

    [Fact]
    public async Task Another_programs_database_is_refused()
    {
        await Change("PRAGMA application_id = 7");
        Refused().Message.ShouldContain("not a database of this program");
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_by_name()
    {
        _home.Database.Dispose();
        File.WriteAllText(_home.Options.Path, new string('x', 8192));
        StorageException error = Refused();
        error.Message.ShouldContain($"{_home.Options.Path} is damaged");
        error.Message.ShouldContain("put the kith.db of a backup in their place");
    }

    // security.md, "Storage": what is there is served, nothing is written, and somebody hears what to do.
    [Fact]
    public async Task A_damaged_database_is_open_for_reading_only_after_a_crash()
    {
        await _home.AddAccount("anna");
        using Home copy = await DamagedCopy(Migrator.Current);
        byte[] before = File.ReadAllBytes(copy.Options.Path);

        copy.Reopen();

        copy.Database.Damage.ShouldNotBeNull().ShouldContain($"{copy.Options.Path} is damaged");
        copy.Database.Damage.ShouldContain("put the kith.db of a backup in their place");
        copy.Warnings.ShouldContain(copy.Database.Damage);
        copy.Read(access => copy.Accounts.Find(access, "anna")).ShouldNotBeNull();
        StorageException refused = await Should.ThrowAsync<StorageException>(() => copy.AddAccount("ben"));
        (refused.Damaged, refused.Message).ShouldBe((true, copy.Database.Damage));
        await copy.Database.SettledAsync();
        copy.Database.Dispose();
        File.ReadAllBytes(copy.Options.Path).ShouldBe(before);
        new FileInfo(copy.Options.Path + "-wal").Length.ShouldBeGreaterThan(0, "the log may be worth something");
    }

    [Fact]
    public async Task A_damaged_database_of_an_older_version_is_refused()
    {
        using Home copy = await DamagedCopy(Migrator.Current - 1);
        Should.Throw<StorageException>(() => Database.Open(copy.Options)).Message.ShouldContain("is damaged");
    }

    // As a crash leaves it: pages in the middle are zero, and the log is there.
    private async Task<Home> DamagedCopy(long version)
    {
        await _home.Write(t =>
        {
            for (int i = 0; i < 2000; i++)
                _home.Household.AddCircle(t, $"circle {i}");
        });
        _home.Database.Dispose();
        var copy = new Home();
        copy.Database.Dispose();
        using (var connection = Connection.Open(_home.Options.Path, write: true))
        {
            connection.Execute($"PRAGMA user_version = {version}");
            Copy(_home, copy);
        }
        using FileStream file = File.OpenWrite(copy.Options.Path);
        file.Position = file.Length - 20 * 2048;
        file.Write(new byte[10 * 2048]);
        return copy;
    }

    [Fact]
    public async Task Everything_released_is_there_after_a_crash()
    {
        long anna = await _home.AddAccount("anna");
        var talk = new Conversation(_home);
        List<string> sent = [];
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < 20; i++)
            {
                sent.Add($"{round}.{i}");
                await talk.With(anna, "far@away.example", sent[^1]);
            }
            // The files as a crash at this moment leaves them.
            using Home after = new();
            after.Database.Dispose();
            Copy(_home, after);
            after.Reopen();
            new Conversation(after).Texts(anna, new ArchiveQuery { Max = 1000 }).ShouldBe(sent);
        }
    }

    [Fact]
    public void A_sound_database_has_no_damage() => _home.Database.Check().ShouldBeNull();

    [Fact]
    public async Task The_files_are_their_owners_alone()
    {
        await _home.AddAccount("anna");
        if (OperatingSystem.IsWindows())
            return;
        foreach (string file in Directory.GetFiles(_home.Folder))
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Fact]
    public void A_clean_close_leaves_one_file()
    {
        _home.Database.Dispose();
        Directory.GetFiles(_home.Folder).Select(Path.GetFileName).ShouldBe(["kith.db"]);
    }

    [Fact]
    public void The_library_in_use_is_the_systems()
    {
        _home.Warnings.ShouldBeEmpty();
        File.ReadAllText("/proc/self/maps").ShouldContain("libsqlite3.so.0");
    }

    private static void Copy(Home from, Home to)
    {
        foreach (string end in (string[])["", "-wal"])
            File.Copy(from.Options.Path + end, to.Options.Path + end, overwrite: true);
    }

    private async Task Change(string pragma)
    {
        await _home.AddAccount("anna");
        _home.Database.Dispose();
        using var connection = Connection.Open(_home.Options.Path, write: true);
        connection.Execute(pragma);
    }

    private StorageException Refused() => Should.Throw<StorageException>(() => Database.Open(_home.Options));
}
