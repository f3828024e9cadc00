using Microsoft.Win32.SafeHandles;
using Xmpp.Server.Stores;
using Xmpp.Server.Uploads;

namespace Storage;

/// <summary>
/// The bytes of uploaded files: one file for each, called by its id, in a directory of their own. A file under its id is
/// whole and on disk; whether it counts, its row says. What has neither row nor reader is taken away by
/// <see cref="Sweep"/> at the start.
/// </summary>
public sealed class UploadDirectory : IUploadFiles, IAsyncDisposable
{
    internal const string Unfinished = ".part";

    /// <summary>Below it no file is taken: twice what the database needs, so that words still pass when pictures do not.</summary>
    public const long Reserve = 128L << 20;

    private readonly Action<string, Exception?> _warn;
    private readonly Lock _lock = new();
    private readonly Queue<string> _doomed = [];
    private Task _deleting = Task.CompletedTask;

    /// <param name="path">Made when the first file comes.</param>
    /// <param name="warn">Hears of files that cannot be deleted or are missing.</param>
    public UploadDirectory(string path, Action<string, Exception?> warn) =>
        (Path, _warn) = (System.IO.Path.GetFullPath(path), warn);

    public string Path { get; }

    // ---- the disk ----

    /// <inheritdoc/>
    public bool HasRoom(long bytes) => Drive().AvailableFreeSpace - Reserve >= bytes;

    /// <summary>How full the file system is, in per cent, as far as this process may fill it.</summary>
    public double UsedPercent()
    {
        DriveInfo drive = Drive();
        return 100.0 * (drive.TotalSize - drive.AvailableFreeSpace) / Math.Max(1, drive.TotalSize);
    }

    private DriveInfo Drive() => new(Directory.Exists(Path) ? Path : System.IO.Path.GetDirectoryName(Path)!);

    // ---- files ----

    /// <summary>Begins a file of exactly this size; the room for it is taken at once.</summary>
    /// <exception cref="IOException">The disk is full, or cannot be written to.</exception>
    public IncomingFile Begin(string id, long size)
    {
        if (!Directory.Exists(Path))
            Make();
        return new IncomingFile(this, FileOf(id), size);
    }

    private void Make()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Path);
        else
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        DirectorySync.Flush(System.IO.Path.GetDirectoryName(Path)!);
    }

    /// <summary>The file for reading, as it may be sent; null when it is gone.</summary>
    public SafeFileHandle? TryOpen(string id)
    {
        try
        {
            return File.OpenHandle(
                FileOf(id),
                options: FileOptions.SequentialScan,
                share: FileShare.ReadWrite | FileShare.Delete
            );
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private string FileOf(string id) =>
        UploadId.IsOne(id) ? System.IO.Path.Combine(Path, id) : throw new ArgumentException("not an id", nameof(id));

    // ---- going ----

    /// <inheritdoc/>
    public void Delete(IReadOnlyCollection<string> ids)
    {
        lock (_lock)
        {
            bool idle = _doomed.Count == 0;
            foreach (string id in ids)
                _doomed.Enqueue(id);
            if (idle && _doomed.Count > 0)
                _deleting = Task.Run(DeleteDoomed);
        }
    }

    /// <summary>Returns once all files are gone whose deletion was asked for.</summary>
    public Task DeletedAsync()
    {
        lock (_lock)
            return _deleting;
    }

    private void DeleteDoomed()
    {
        while (true)
        {
            string id;
            lock (_lock)
                id = _doomed.Peek();
            Remove(FileOf(id));
            lock (_lock)
            {
                _doomed.Dequeue();
                if (_doomed.Count == 0)
                    return;
            }
        }
    }

    internal void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody has tidied up before.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _warn($"{file} could not be deleted; tried again at the next start.", error);
        }
    }

    /// <summary>
    /// Puts in order what a crash left: files without a row go; returns the ids of rows without a file. To be called while
    /// nothing arrives. Where the whole directory is missing (a disk that is not mounted), no row is called lost.
    /// </summary>
    public IReadOnlyList<string> Sweep(IReadOnlySet<string> known)
    {
        if (!Directory.Exists(Path))
        {
            if (known.Count > 0)
                _warn($"{Path} is missing, and with it {known.Count} files that people have uploaded.", null);
            return [];
        }
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(Path))
        {
            string name = System.IO.Path.GetFileName(file);
            if (known.Contains(name))
                found.Add(name);
            else if (UploadId.IsOne(name) || name.EndsWith(Unfinished, StringComparison.Ordinal))
                Remove(file);
        }
        return [.. known.Where(id => !found.Contains(id))];
    }

    /// <summary>Waits for what is being deleted.</summary>
    public async ValueTask DisposeAsync() => await DeletedAsync();
}
