using Xmpp.Server.Stores;

namespace Storage;

/// <summary>
/// The low-disk guard: what adds is refused while some space is left, so that there is always room for removing, for
/// marks, and for the write-ahead log itself.
/// </summary>
internal sealed class FreeSpace(DatabaseOptions options)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private readonly Func<long> _free =
        options.FreeBytes ?? AskDrive(new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(options.Path))!));
    private long? _asked;

    public bool Low { get; private set; }

    /// <summary>Asks the file system, at most once in a second. Called before a batch that writes.</summary>
    public void Look()
    {
        if (options.LowDiskBytes <= 0)
            return;
        if (_asked is { } asked && options.Time.GetElapsedTime(asked) < _interval)
            return;
        _asked = options.Time.GetTimestamp();
        bool low = _free() < options.LowDiskBytes;
        if (low && !Low)
            options.Warn("The disk is nearly full: new messages and uploads are refused until there is room.", null);
        Low = low;
    }

    public static StorageException Refusal() => new("The disk is nearly full.") { DiskFull = true };

    private static Func<long> AskDrive(DriveInfo drive) => () => drive.AvailableFreeSpace;
}
