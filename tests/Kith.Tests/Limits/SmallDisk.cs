using System.Diagnostics;

namespace Kith.Tests.Limits;

/// <summary>A file system in memory with little room, which only root can make.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kith-small-disk-");

    private SmallDisk() { }

    public string Folder => _directory.FullName;

    /// <summary>Null where mounting is not allowed.</summary>
    public static SmallDisk? TryMount(int megabytes)
    {
        var disk = new SmallDisk();
        if (
            Environment.IsPrivilegedProcess
            && Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Folder)
        )
            return disk;
        disk._directory.Delete();
        return null;
    }

    /// <summary>Takes room until so many bytes are free.</summary>
    public void Fill(long left)
    {
        using var ballast = new FileStream(
            Path.Combine(Folder, "ballast"),
            FileMode.Append,
            FileAccess.Write,
            FileShare.None,
            0
        );
        var block = new byte[4096];
        try
        {
            while (new DriveInfo(Folder).AvailableFreeSpace > left)
                ballast.Write(block);
        }
        catch (IOException) when (left == 0)
        {
            // Full to the brim.
        }
    }

    public void Empty() => File.Delete(Path.Combine(Folder, "ballast"));

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
