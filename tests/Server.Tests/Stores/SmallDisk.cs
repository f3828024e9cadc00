using System.Diagnostics;

namespace Server.Tests.Stores;

/// <summary>A file system of 2 MB in memory, which only root can make.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kith-small-disk-");

    private SmallDisk() { }

    public string Folder => _directory.FullName;

    public static SmallDisk? TryMount()
    {
        var disk = new SmallDisk();
        if (Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.Folder))
            return disk;
        disk._directory.Delete();
        return null;
    }

    public void Dispose()
    {
        Run("umount", Folder);
        _directory.Delete(recursive: true);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
