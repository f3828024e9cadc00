using Xmpp.Server.Stores;

namespace Storage;

/// <summary>A pooled connection in a read transaction: what it reads first decides the moment that it sees.</summary>
internal sealed class ReadAccess(Database database, Connection connection) : Access
{
    private Connection? _connection = connection;

    public Connection Connection => _connection ?? throw new ObjectDisposedException(nameof(Access));

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
            database.GiveBack(connection);
    }
}
