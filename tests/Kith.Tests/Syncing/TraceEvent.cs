namespace Kith.Tests.Syncing;

/// <summary>What a process did, as far as the order of writing, syncing and sending is concerned.</summary>
internal enum Act
{
    /// <summary>Bytes were received from a client.</summary>
    Received,

    /// <summary>Bytes begin to be sent to a client.</summary>
    Sends,

    /// <summary>Bytes were written to the write-ahead log.</summary>
    Wrote,

    /// <summary>A sync of the log begins.</summary>
    Syncs,

    /// <summary>A sync of the log has returned, and well.</summary>
    Synced,
}

/// <summary>One act in the order of a trace.</summary>
/// <param name="Port">The client's port; 0 where it is about the log.</param>
/// <param name="Thread">Who did it.</param>
/// <param name="Line">Where it stands in the trace, from 1.</param>
internal readonly record struct TraceEvent(Act Act, int Port, int Thread, int Line);
