using System.Buffers;

namespace Storage;

/// <summary>
/// A file on its way to disk, written under another name until it is whole. While it comes, what has come is synced in
/// steps: the sync at the end is short, and those who write messages meanwhile do not wait behind all of it.
/// </summary>
public sealed class IncomingFile : IAsyncDisposable
{
    private const long SyncedAtOnce = 16L << 20;

    private readonly UploadDirectory _directory;
    private readonly string _path;
    private readonly FileStream _file;
    private readonly List<ReadOnlyMemory<byte>> _segments = [];
    private Task _syncing = Task.CompletedTask;
    private long _unsynced;
    private bool _complete;
    private bool _kept;

    internal IncomingFile(UploadDirectory directory, string path, long size)
    {
        (_directory, _path) = (directory, path);
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            // Without a lock: it may be read from the moment on which its row is there.
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            PreallocationSize = size,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _file = new FileStream(path + UploadDirectory.Unfinished, options);
    }

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>Adds what has come. Goes on elsewhere than where it was called: a disk may be slow.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public async ValueTask WriteAsync(ReadOnlySequence<byte> data)
    {
        foreach (ReadOnlyMemory<byte> segment in data)
            _segments.Add(segment);
        await RandomAccess.WriteAsync(_file.SafeFileHandle, _segments, Length);
        _segments.Clear();
        Length += data.Length;
        _unsynced += data.Length;
        if (_unsynced < SyncedAtOnce)
            return;
        _unsynced = 0;
        await _syncing;
        _syncing = Task.Run(Sync);
    }

    private void Sync() => RandomAccess.FlushToDisk(_file.SafeFileHandle);

    /// <summary>All has come: when it returns, the file is on disk under its id, and its place in the directory too.</summary>
    public async Task CompleteAsync()
    {
        await _syncing;
        await Task.Run(() =>
        {
            Sync();
            File.Move(_path + UploadDirectory.Unfinished, _path, overwrite: true);
            _complete = true;
            DirectorySync.Flush(_directory.Path);
        });
    }

    /// <summary>Its row is committed.</summary>
    public void Keep() => _kept = true;

    /// <summary>Nothing stays behind, unless <see cref="Keep"/> was said.</summary>
    public async ValueTask DisposeAsync()
    {
        // Whatever the sync met, the file goes or was synced again.
        await _syncing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _file.DisposeAsync();
        if (!_kept)
            await Task.Run(() => _directory.Remove(_complete ? _path : _path + UploadDirectory.Unfinished));
    }
}
