using System.Text;
using SQLitePCL;
using Xmpp.Server.Stores;

namespace Storage;

/// <summary>
/// A prepared statement. Each <c>Bind</c> takes the next parameter; <see cref="Run"/> executes and gives it back, a
/// query is stepped through and disposed, which makes it ready for its next use.
/// </summary>
internal sealed class Statement(Connection connection, sqlite3_stmt handle) : IDisposable
{
    private int _next;
    private bool _used;

    public Statement Begin()
    {
        if (_used)
            throw new InvalidOperationException("The statement is in use.");
        _used = true;
        connection.InUse++;
        _next = 0;
        return this;
    }

    public Statement Bind(long value) => Bound(raw.sqlite3_bind_int64(handle, ++_next, value));

    public Statement Bind(bool value) => Bind(value ? 1L : 0L);

    public Statement Bind(long? value) => value is { } some ? Bind(some) : BindNull();

    public Statement Bind(DateTimeOffset value) => Bind(Micros.From(value));

    public Statement Bind(DateTimeOffset? value) => value is { } some ? Bind(some) : BindNull();

    public Statement Bind(byte[]? value) => value is null ? BindNull() : Bind(value.AsSpan());

    // To the C interface a span without bytes is a null pointer, and that is NULL.
    public Statement Bind(ReadOnlySpan<byte> blob) =>
        Bound(
            blob.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, ++_next, 0) : raw.sqlite3_bind_blob(handle, ++_next, blob)
        );

    public Statement Bind(string? value)
    {
        if (value is null)
            return BindNull();
        // An empty span would read as NULL.
        if (value.Length is 0 or > 128)
            return Bound(raw.sqlite3_bind_text(handle, ++_next, value));
        Span<byte> utf8 = stackalloc byte[128 * 3];
        return BindText(utf8[..Encoding.UTF8.GetBytes(value, utf8)]);
    }

    public Statement BindText(ReadOnlySpan<byte> utf8) => Bound(raw.sqlite3_bind_text(handle, ++_next, utf8));

    public Statement BindNull() => Bound(raw.sqlite3_bind_null(handle, ++_next));

    /// <summary>True for a row, false at the end.</summary>
    public bool Step()
    {
        int code = raw.sqlite3_step(handle);
        return code switch
        {
            raw.SQLITE_ROW => true,
            raw.SQLITE_DONE => false,
            _ => throw Fault(code),
        };
    }

    /// <summary>Executes to the end and returns how many rows it changed.</summary>
    public int Run()
    {
        try
        {
            while (Step()) { }
            return connection.Changes();
        }
        finally
        {
            Dispose();
        }
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public int Int32(int column) => raw.sqlite3_column_int(handle, column);

    public bool Boolean(int column) => Int64(column) != 0;

    public long? OptionalInt64(int column) => IsNull(column) ? null : Int64(column);

    public DateTimeOffset Time(int column) => Micros.ToTime(Int64(column));

    public DateTimeOffset? OptionalTime(int column) => IsNull(column) ? null : Time(column);

    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(handle, column));

    public string? OptionalText(int column) => IsNull(column) ? null : Text(column);

    public byte[] Blob(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

    public byte[]? OptionalBlob(int column) => IsNull(column) ? null : Blob(column);

    /// <summary>Gives the statement back: nothing of its last use stays, neither a lock nor a value.</summary>
    public void Dispose()
    {
        if (!_used)
            return;
        // A fault of the last step is repeated here; it has been thrown already.
        _ = raw.sqlite3_reset(handle);
        _ = raw.sqlite3_clear_bindings(handle);
        _used = false;
        connection.InUse--;
    }

    public void Close() => handle.Dispose();

    private Statement Bound(int code)
    {
        if (code != raw.SQLITE_OK)
            throw Fault(code);
        return this;
    }

    private StorageException Fault(int code)
    {
        StorageException failure = connection.Failure(code);
        Dispose();
        return failure;
    }
}
