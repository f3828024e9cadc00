using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Xmpp.Sasl;
using Xmpp.Server.Streams;

namespace Kith.Listeners.OnePort;

/// <summary>A connection within TLS: pipes for who is served over it, and what Kestrel wants to know of it.</summary>
internal sealed class TlsConnection
    : IDuplexPipe,
        ITlsConnectionFeature,
        ITlsApplicationProtocolFeature,
        IAsyncDisposable
{
    private const int MinimumRead = 2048;
    private readonly SslStream _tls;

    /// <summary>The handshake is yet to come.</summary>
    public TlsConnection(ConnectionContext connection)
    {
        _tls = new SslStream(new DuplexPipeStream(Batching.Over(connection.Transport), static () => { }));
        MemoryPool<byte>? pool = connection.Features.Get<IMemoryPoolFeature>()?.MemoryPool;
        // Reads of nothing wait for data, so that who is idle holds no buffer.
        Input = PipeReader.Create(
            _tls,
            new StreamPipeReaderOptions(pool, minimumReadSize: MinimumRead, leaveOpen: true, useZeroByteReads: true)
        );
        Output = PipeWriter.Create(_tls, new StreamPipeWriterOptions(pool, leaveOpen: true));
    }

    public PipeReader Input { get; }
    public PipeWriter Output { get; }
    public ReadOnlyMemory<byte> ApplicationProtocol => _tls.NegotiatedApplicationProtocol.Protocol;

    /// <summary>Nobody is asked for one here.</summary>
    public X509Certificate2? ClientCertificate { get; set; }

    public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) =>
        Task.FromResult(ClientCertificate);

    /// <summary>Those of the certificate that the handshake was made with (RFC 5929).</summary>
    public IReadOnlyList<ChannelBinding> Bindings { get; private set; } = [];

    public Task HandshakeAsync(TlsSettings settings, CancellationToken cancellation)
    {
        Bindings = settings.Bindings;
        return _tls.AuthenticateAsServerAsync(settings.Options, cancellation);
    }

    /// <summary>The first byte that comes, which stays where it is; null when the peer has gone.</summary>
    public async ValueTask<byte?> PeekAsync(CancellationToken cancellation)
    {
        ReadResult read = await Input.ReadAsync(cancellation);
        byte? first = read.Buffer.IsEmpty ? null : read.Buffer.FirstSpan[0];
        Input.AdvanceTo(read.Buffer.Start);
        return first;
    }

    /// <summary>Serves it as Kestrel's own connection.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        IDuplexPipe socket = connection.Transport;
        connection.Features.Set<ITlsConnectionFeature>(this);
        connection.Features.Set<ITlsApplicationProtocolFeature>(this);
        connection.Transport = this;
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = socket;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        await Output.CompleteAsync();
        await _tls.DisposeAsync();
    }
}
