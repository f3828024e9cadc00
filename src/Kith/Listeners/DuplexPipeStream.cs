using System.Buffers;
using System.IO.Pipelines;

namespace Kith.Listeners;

/// <summary>Kestrel's connection as a stream. A read of zero bytes waits for data and takes none.</summary>
internal sealed class DuplexPipeStream(IDuplexPipe pipe, Action abort) : Stream
{
    private readonly PipeReader _input = pipe.Input;
    private readonly PipeWriter _output = pipe.Output;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ReadResult result = await _input.ReadAsync(cancellationToken);
        ReadOnlySequence<byte> data = result.Buffer;
        long length = Math.Min(data.Length, buffer.Length);
        ReadOnlySequence<byte> taken = data.Slice(0, length);
        taken.CopyTo(buffer.Span);
        _input.AdvanceTo(taken.End);
        return (int)length;
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        FlushResult result = await _output.WriteAsync(buffer, cancellationToken);
        if (result.IsCompleted || result.IsCanceled)
            throw new IOException("the connection is gone");
    }

    public override async Task FlushAsync(CancellationToken cancellationToken) =>
        await _output.FlushAsync(cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            abort();
        base.Dispose(disposing);
    }
}
