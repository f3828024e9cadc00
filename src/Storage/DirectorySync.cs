using System.Runtime.InteropServices;

namespace Storage;

/// <summary>
/// Brings a directory's entries to disk (fsync(2): that of a file does not say that its name is there too), which .NET has no
/// call for.
/// </summary>
internal static partial class DirectorySync
{
    private const int ReadOnlyDirectory = 0x80000; // O_CLOEXEC; O_RDONLY is 0

    /// <exception cref="IOException">The system refuses.</exception>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        int directory = Open(path, ReadOnlyDirectory);
        if (directory < 0)
            throw Fault(path);
        try
        {
            if (Sync(directory) < 0)
                throw Fault(path);
        }
        finally
        {
            _ = Close(directory);
        }
    }

    private static IOException Fault(string path) =>
        new($"{path} could not be synced: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
