using Xmpp.Server.Household;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Uploads;

/// <summary>
/// The files that people have uploaded: who may add one, what there is, and how they go. The XMPP side asks for slots here
/// (XEP-0363), the web takes and gives the bytes, the account page lists and removes.
/// </summary>
public sealed class SharedFiles
{
    /// <summary>From question to the first byte (XEP-0363 §8: "around 300s").</summary>
    public static readonly TimeSpan SlotLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Avatars and the like are small (XEP-0363 §4.1.2).</summary>
    public const long LargestProfileFile = 8L << 20;

    /// <summary>Uploads of one account at a time: an album at once, and not the whole disk reserved.</summary>
    public const int MostAtOnce = 16;

    private const int AtOnce = 100;
    private readonly XmppServer _server;
    private readonly Arrivals _arrivals = new();

    internal SharedFiles(XmppServer server)
    {
        _server = server;
        Slots = new UploadSlots(server.Options.Secret);
    }

    public UploadSlots Slots { get; }

    /// <summary>Called when a file has arrived and is on disk.</summary>
    public Action? Added { get; set; }

    private IUploadStore Store => _server.Stores.Uploads;
    private DateTimeOffset Now => _server.Time.GetUtcNow();
    private long Quota => _server.Options.UploadQuotaBytes;

    /// <summary>The largest file for the purpose, in bytes; 0 for no limit.</summary>
    public long LargestFor(UploadPurpose purpose)
    {
        long most = _server.Options.UploadMaxBytes;
        return purpose == UploadPurpose.Profile && (most == 0 || most > LargestProfileFile) ? LargestProfileFile : most;
    }

    // ---- adding ----

    /// <summary>Promises the account a place for one file; nothing is kept.</summary>
    internal UploadSlot Promise(Account account, string name, long size) =>
        new()
        {
            Id = UploadId.Create(),
            Name = FileName.Sanitise(name),
            Account = account.Id,
            Generation = _server.Accounts.Generation(account.Name),
            Size = size,
            Expires = Now + SlotLifetime,
        };

    /// <summary>Why the account cannot add so many bytes now; null when it can.</summary>
    internal UploadRefusal? Refuses(long account, long size) => Refuses(account, size, _arrivals.Bytes(account));

    private UploadRefusal? Refuses(long account, long size, long arriving)
    {
        if (!_server.Stores.Files.HasRoom(size))
            return UploadRefusal.DiskFull;
        if (Quota == 0)
            return null;
        using Access access = _server.Stores.Database.OpenRead();
        return IsOverQuota(Store.UsedBytes(access, account) + arriving, size) ? UploadRefusal.Quota : null;
    }

    private bool IsOverQuota(long used, long size) => Quota > 0 && size > Quota - used;

    /// <summary>
    /// When retention will have made room for so many bytes of the account's quota; null where nothing goes by itself.
    /// </summary>
    internal DateTimeOffset? RoomAt(long account, long size)
    {
        if (_server.Options.UploadDays == 0 || size > Quota)
            return null;
        using Access access = _server.Stores.Database.OpenRead();
        IReadOnlyList<UploadRecord> files = Store.List(access, account);
        long over = files.Sum(file => file.Size) + size - Quota;
        foreach (UploadRecord file in files.Where(file => !IsExempt(file.Purpose)))
        {
            over -= file.Size;
            if (over <= 0)
                return file.Created + TimeSpan.FromDays(_server.Options.UploadDays);
        }
        return null;
    }

    private static bool IsExempt(UploadPurpose purpose) => purpose is UploadPurpose.Profile or UploadPurpose.Permanent;

    /// <summary>The slot's file begins to arrive: the place is its own until the arrival is disposed of.</summary>
    public Arrival? Begin(UploadSlot slot, out UploadRefusal refusal)
    {
        refusal = UploadRefusal.NoSlot;
        if (slot.Expires <= Now || !IsGood(slot))
            return null;
        refusal = UploadRefusal.Taken;
        if (IsThere(slot.Id))
            return null;
        UploadRefusal? why = _arrivals.Begin(slot, Now, MostAtOnce);
        if (
            why is null
            && (why = Refuses(slot.Account, slot.Size, _arrivals.Bytes(slot.Account) - slot.Size)) is not null
        )
            _arrivals.End(slot, spent: false);
        if (why is { } full)
        {
            refusal = full;
            return null;
        }
        return new Arrival(this, slot);
    }

    private bool IsGood(UploadSlot slot)
    {
        using Access access = _server.Stores.Database.OpenRead();
        return IsGood(access, slot);
    }

    private bool IsGood(Access access, UploadSlot slot) =>
        _server.Stores.Accounts.Find(access, slot.Account) is { Locked: false } account
        && (account.Expires is not { } end || end > Now)
        && _server.Accounts.Generation(account.Name) == slot.Generation;

    private bool IsThere(string id)
    {
        using Access access = _server.Stores.Database.OpenRead();
        return Store.Find(access, id) is not null;
    }

    /// <summary>The file is whole and on disk under its id: its row makes it one. Returns once that is on disk too.</summary>
    internal async Task<UploadRefusal?> CommitAsync(UploadSlot slot, string mediaType)
    {
        var record = new UploadRecord
        {
            Id = slot.Id,
            Account = slot.Account,
            Name = slot.Name,
            MediaType = mediaType,
            Size = slot.Size,
            Purpose = slot.Purpose,
            Created = Now,
            Expires = slot.FileExpires,
        };
        try
        {
            UploadRefusal? refusal = await _server.Stores.Database.WriteAsync(transaction =>
                Add(transaction, slot, record)
            );
            if (refusal is null)
                Added?.Invoke();
            return refusal;
        }
        catch (StorageException full) when (full.DiskFull)
        {
            return UploadRefusal.DiskFull;
        }
    }

    // What was true when it began may have changed while it came.
    private UploadRefusal? Add(Transaction transaction, UploadSlot slot, UploadRecord record)
    {
        if (!IsGood(transaction, slot))
            return UploadRefusal.NoSlot;
        if (IsOverQuota(Store.UsedBytes(transaction, slot.Account), slot.Size))
            return UploadRefusal.Quota;
        return Store.Add(transaction, record) ? null : UploadRefusal.Taken;
    }

    internal void End(UploadSlot slot, bool spent) => _arrivals.End(slot, spent);

    // ---- having ----

    /// <summary>The file at this address; null when there is none, or none any more.</summary>
    public UploadRecord? Find(string id, string name)
    {
        if (!UploadId.IsOne(id))
            return null;
        using Access access = _server.Stores.Database.OpenRead();
        return Store.Find(access, id) is { } file && file.Name == name && (file.Expires is not { } end || end > Now)
            ? file
            : null;
    }

    /// <summary>What the account has uploaded, the oldest first.</summary>
    public IReadOnlyList<UploadRecord> List(long account)
    {
        using Access access = _server.Stores.Database.OpenRead();
        return Store.List(access, account);
    }

    /// <summary>The absolute address of a file (laws, "The world outside", 1).</summary>
    public string Url(string id, string name) => $"{_server.Options.PublicUrl}/upload/{id}/{FileName.Escape(name)}";

    // ---- going ----

    /// <summary>The account removes a file of its own; false when it has none of this id.</summary>
    /// <exception cref="StorageException">It could not be written; the file is still there.</exception>
    public async Task<bool> RemoveAsync(long account, string id)
    {
        bool removed = await _server.Stores.Database.WriteAsync(transaction => Store.Remove(transaction, account, id));
        if (removed)
            _server.Stores.Files.Delete([id]);
        return removed;
    }

    /// <summary>Removes what is over, by its owner's wish or by the settings' days; in small commits.</summary>
    public async Task<int> RemoveDueAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = Now;
        int removed = await RemoveAsync(t => Store.RemoveExpired(t, now, AtOnce), cancellation);
        if (_server.Options.UploadDays == 0)
            return removed;
        DateTimeOffset than = now - TimeSpan.FromDays(_server.Options.UploadDays);
        return removed
            + await RemoveAsync(t => [.. Store.RemoveOldest(t, than, AtOnce).Select(f => f.Id)], cancellation);
    }

    private async Task<int> RemoveAsync(Func<Transaction, IReadOnlyList<string>> remove, CancellationToken cancellation)
    {
        int removed = 0;
        IReadOnlyList<string> ids;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            ids = await _server.Stores.Database.WriteAsync(remove);
            if (ids.Count > 0)
                _server.Stores.Files.Delete(ids);
            removed += ids.Count;
        } while (ids.Count == AtOnce);
        return removed;
    }

    /// <summary>Removes some of the oldest files that may go and are older than the time; returns them.</summary>
    public async Task<IReadOnlyList<UploadRecord>> RemoveOldestAsync(DateTimeOffset than, int max)
    {
        IReadOnlyList<UploadRecord> removed = await _server.Stores.Database.WriteAsync(transaction =>
            Store.RemoveOldest(transaction, than, max)
        );
        if (removed.Count > 0)
            _server.Stores.Files.Delete([.. removed.Select(file => file.Id)]);
        return removed;
    }
}
