using Shouldly;
using Storage;
using Xunit;

namespace Server.Tests.Stores;

public sealed class DataDirectoryLockTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kith-lock-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void One_holds_the_directory_until_it_lets_go()
    {
        DataDirectoryLock.TryTake(_directory.FullName, out DataDirectoryLock? first).ShouldBeTrue();
        DataDirectoryLock.TryTake(_directory.FullName, out DataDirectoryLock? second).ShouldBeFalse();
        second.ShouldBeNull();
        first!.Dispose();
        DataDirectoryLock.TryTake(_directory.FullName, out DataDirectoryLock? third).ShouldBeTrue();
        third!.Dispose();
    }

    [Fact]
    public void A_missing_directory_is_made_for_its_owner_alone()
    {
        string path = Path.Combine(_directory.FullName, "data");
        DataDirectoryLock.TryTake(path, out DataDirectoryLock? taken).ShouldBeTrue();
        taken!.Dispose();
        if (OperatingSystem.IsWindows())
            return;
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(Path.Combine(path, DataDirectoryLock.FileName))
            .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
