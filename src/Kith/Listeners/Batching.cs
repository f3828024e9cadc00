using System.Buffers;
using System.IO.Pipelines;

namespace Kith.Listeners;

/// <summary>
/// Stands between TLS and the socket. TLS writes a record of four kilobytes at a time and says when it has written what
/// there was; on a socket that sends where it is written to, each would be a system call. Here they wait for each other until
/// TLS flushes.
/// </summary>
internal static class Batching
{
    /// <summary>What is sent at the latest when so much waits.</summary>
    private const long Most = 64 << 10;

    public static IDuplexPipe Over(IDuplexPipe socket) => new Pipes(socket.Input, new Writer(socket.Output));

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Writer(PipeWriter socket) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => socket.CanGetUnflushedBytes;
        public override long UnflushedBytes => socket.UnflushedBytes;

        // TLS flushes by writing nothing.
        public override ValueTask<FlushResult> WriteAsync(
            ReadOnlyMemory<byte> source,
            CancellationToken cancellationToken = default
        )
        {
            if (source.IsEmpty)
                return socket.FlushAsync(cancellationToken);
            socket.Write(source.Span);
            return socket.UnflushedBytes < Most ? new(default(FlushResult)) : socket.FlushAsync(cancellationToken);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            socket.FlushAsync(cancellationToken);

        public override Memory<byte> GetMemory(int sizeHint = 0) => socket.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => socket.GetSpan(sizeHint);

        public override void Advance(int bytes) => socket.Advance(bytes);

        public override void CancelPendingFlush() => socket.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => socket.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => socket.CompleteAsync(exception);
    }
}
