using System.Buffers;
using System.IO.Pipelines;

namespace Server.Tests.Plays.Stage;

/// <summary>A connection in memory with two ends; bytes that nobody reads press back, and it can be cut like a cable.</summary>
internal sealed class Line
{
    private readonly Pipe _up = new();
    private readonly Pipe _down = new();
    private volatile bool _cut;

    public Line() =>
        (Client, Server) = (new End(this, _down.Reader, _up.Writer), new End(this, _up.Reader, _down.Writer));

    public Stream Client { get; }
    public Stream Server { get; }

    /// <summary>Both ends find the connection gone, without a goodbye; what was on its way is lost.</summary>
    public void Cut()
    {
        _cut = true;
        _up.Writer.Complete(new IOException("the line was cut"));
        _down.Writer.Complete(new IOException("the line was cut"));
        _down.Reader.CancelPendingRead();
        _up.Reader.CancelPendingRead();
        _down.Writer.CancelPendingFlush();
        _up.Writer.CancelPendingFlush();
    }

    private sealed class End(Line line, PipeReader input, PipeWriter output) : Stream
    {
        public override bool CanRead => true;
        public override bool CanWrite => true;
        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            ReadResult result = await input.ReadAsync(cancellationToken);
            if (line._cut)
                throw new IOException("the line was cut");
            int count = (int)Math.Min(result.Buffer.Length, buffer.Length);
            result.Buffer.Slice(0, count).CopyTo(buffer.Span);
            input.AdvanceTo(result.Buffer.GetPosition(count));
            return count;
        }

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            if (line._cut)
                throw new IOException("the line was cut");
            FlushResult result = await output.WriteAsync(buffer, cancellationToken);
            if (line._cut || result.IsCompleted)
                throw new IOException("nobody is at the other end");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !line._cut)
            {
                output.Complete();
                input.Complete();
            }
            base.Dispose(disposing);
        }

        public override void Flush() { }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override Task<int> ReadAsync(
            byte[] buffer,
            int offset,
            int count,
            CancellationToken cancellationToken
        ) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
