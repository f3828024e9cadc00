using System.Diagnostics.CodeAnalysis;

namespace Storage;

/// <summary>
/// The right to use a data directory: held by the running service, or by a command that works on the files themselves
/// (architecture.md, "Disk"). The kernel ends it with the process, however that ends.
/// </summary>
public sealed class DataDirectoryLock : IDisposable
{
    public const string FileName = "kith.lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // EWOULDBLOCK on Linux, which is how flock says that the lock is held.
    private const int WouldBlock = 11;
    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Makes the directory (mode 0700) when it is missing and takes its lock; false when somebody holds it.</summary>
    public static bool TryTake(string directory, [NotNullWhen(true)] out DataDirectoryLock? taken)
    {
        taken = null;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, OwnerOnly);
        try
        {
            taken = new DataDirectoryLock(new FileStream(Path.Combine(directory, FileName), Private()));
            return true;
        }
        catch (IOException error) when (error.HResult == WouldBlock)
        {
            return false;
        }
    }

    // Whoever else could open it could take the lock, and keep the home from starting.
    private static FileStreamOptions Private()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly & ~UnixFileMode.UserExecute;
        return options;
    }

    public void Dispose() => _file.Dispose();
}
