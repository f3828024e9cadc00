using Xmpp.Server.Stores;

namespace Xmpp.Server.Uploads;

/// <summary>A file on its way into its slot. Disposed of without a commit, the slot is as free as before.</summary>
public sealed class Arrival : IDisposable
{
    private readonly SharedFiles _files;
    private bool _spent;

    internal Arrival(SharedFiles files, UploadSlot slot) => (_files, Slot) = (files, slot);

    public UploadSlot Slot { get; }

    /// <summary>
    /// The file is whole and on disk under its id; returns once its row is on disk too. After a refusal the caller
    /// deletes the file.
    /// </summary>
    /// <exception cref="StorageException">The row could not be written.</exception>
    public async Task<UploadRefusal?> CommitAsync(string mediaType)
    {
        UploadRefusal? refusal = await _files.CommitAsync(Slot, mediaType);
        _spent = refusal is null;
        return refusal;
    }

    public void Dispose() => _files.End(Slot, _spent);
}

/// <summary>
/// What is arriving now, and which slots were used: a slot is good for one file, even where that file has been removed
/// again.
/// </summary>
internal sealed class Arrivals
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, UploadSlot> _arriving = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _spent = new(StringComparer.Ordinal);

    /// <summary>Takes the place; or why it cannot be had.</summary>
    public UploadRefusal? Begin(UploadSlot slot, DateTimeOffset now, int most)
    {
        lock (_lock)
        {
            foreach (var (id, end) in _spent)
                if (end <= now)
                    _spent.Remove(id);
            if (_spent.ContainsKey(slot.Id) || _arriving.ContainsKey(slot.Id))
                return UploadRefusal.Taken;
            if (_arriving.Values.Count(other => other.Account == slot.Account) >= most)
                return UploadRefusal.TooMany;
            _arriving.Add(slot.Id, slot);
            return null;
        }
    }

    public void End(UploadSlot slot, bool spent)
    {
        lock (_lock)
        {
            _arriving.Remove(slot.Id);
            if (spent)
                _spent[slot.Id] = slot.Expires;
        }
    }

    /// <summary>Bytes that the account has on their way.</summary>
    public long Bytes(long account)
    {
        lock (_lock)
            return _arriving.Values.Where(slot => slot.Account == account).Sum(slot => slot.Size);
    }
}
