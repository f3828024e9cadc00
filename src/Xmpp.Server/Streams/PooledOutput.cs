using System.Buffers;

namespace Xmpp.Server.Streams;

/// <summary>Gathers what is ready together into one pooled buffer, which is held only until the flush.</summary>
internal sealed class PooledOutput : IBufferWriter<byte>
{
    private const int First = 4096;
    private byte[] _buffer = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(Length);
    }

    private void Reserve(int size)
    {
        size = Math.Max(size, 1);
        if (_buffer.Length - Length >= size)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(First, Math.Max(_buffer.Length * 2, Length + size)));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    public void Clear()
    {
        byte[] buffer = _buffer;
        (_buffer, Length) = ([], 0);
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Writes everything in one piece; the buffer goes back to the pool afterwards, not when the write failed half-way.</summary>
    public async ValueTask FlushAsync(Stream stream, CancellationToken cancellation)
    {
        if (Length == 0)
            return;
        await stream.WriteAsync(Written, cancellation);
        Clear();
    }
}
