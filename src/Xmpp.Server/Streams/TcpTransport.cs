using System.Buffers;
using System.Net;
using System.Net.Security;
using Xmpp.Sasl;
using Xmpp.Xml;

namespace Xmpp.Server.Streams;

/// <summary>TLS as a listener provides it: the certificate of now, and its channel binding.</summary>
public sealed record TlsSettings(SslServerAuthenticationOptions Options, IReadOnlyList<ChannelBinding> Bindings);

/// <summary>A handshake with another server, as either side: the secured stream, and what the peer has shown.</summary>
public delegate Task<(Stream Secured, Federation.PeerCertificate? Certificate)> PeerHandshake(
    Stream plain,
    CancellationToken cancellation
);

/// <summary>RFC 6120 over a byte stream: <c>&lt;stream:stream&gt;</c>, STARTTLS or direct TLS (XEP-0368).</summary>
public sealed class TcpTransport : Transport
{
    private const int ReadSize = 4096;
    private readonly Func<TlsSettings>? _tls;
    private readonly XmlScanner _scanner;
    private readonly PooledOutput _output = new();
    private Stream _stream;
    private Federation.PeerCertificate? _certificate;
    private bool _failed;
    private XmlContext _context = XmlContext.Empty;
    private IReadOnlyList<ChannelBinding> _bindings = [];
    private byte[] _buffer = [];
    private int _start;
    private int _scanned;
    private int _end;

    /// <param name="stream">The connection; owned from here on.</param>
    /// <param name="tls">Settings for TLS; null when it is not to be had.</param>
    public TcpTransport(Stream stream, IPAddress remote, XmlLimits limits, Func<TlsSettings>? tls)
    {
        (_stream, RemoteAddress, _tls) = (stream, remote, tls);
        _scanner = new XmlScanner(limits);
    }

    /// <summary>TLS comes before the first byte of the stream (XEP-0368), not by STARTTLS.</summary>
    public bool DirectTls { get; init; }

    public override Task BeginAsync(CancellationToken cancellation) =>
        DirectTls ? SecureAsync(cancellation) : Task.CompletedTask;

    /// <summary>Makes TLS with another server in the place of the settings.</summary>
    public PeerHandshake? Handshake { get; init; }

    private async Task SecureAsync(CancellationToken cancellation)
    {
        if (Handshake is not null)
        {
            _failed = true;
            (_stream, _certificate) = await Handshake(_stream, cancellation);
            (IsTls, _failed) = (true, false);
            return;
        }
        TlsSettings settings = _tls!();
        var secured = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = secured;
        await secured.AuthenticateAsServerAsync(settings.Options, cancellation);
        (_bindings, IsTls) = (settings.Bindings, true);
    }

    /// <summary>
    /// What the stream says that its stanzas are in; the server reads them as a client's (RFC 6120 §4.8.3), so that their bytes
    /// can be passed on.
    /// </summary>
    public string ContentNamespace { get; init; } = Ns.Client;

    private bool IsTls { get; set; }

    /// <summary>True when the bytes come to us already protected (a listener that did TLS itself).</summary>
    public bool SecuredOutside { get; init; }

    public override bool IsSecure => IsTls || SecuredOutside;
    public override bool CanStartTls => (_tls is not null || Handshake is not null) && !IsSecure;
    public override bool CanBeHeard => !_failed && (IsTls || (_stream is not SslStream && !DirectTls));
    public override Federation.PeerCertificate? PeerCertificate => _certificate;
    public override IPAddress RemoteAddress { get; }
    public override string Name => "tcp";
    public override IReadOnlyList<ChannelBinding> Bindings => _bindings;
    public override int Unflushed => _output.Length;

    /// <summary>Bindings of a TLS connection that the listener made.</summary>
    public IReadOnlyList<ChannelBinding> OutsideBindings
    {
        init => _bindings = value;
    }

    public override XmlLimits Limits
    {
        get => _scanner.Limits;
        set => _scanner.Limits = value;
    }

    protected override IBufferWriter<byte> Output => _output;

    public override async ValueTask<StreamInput> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (TryTake(out StreamInput input))
                return input;
            try
            {
                if (!await FillAsync(cancellation))
                    return StreamInput.Lost;
            }
            catch (Exception lost) when (lost is IOException or ObjectDisposedException)
            {
                return StreamInput.Lost;
            }
        }
    }

    // Looks for a whole unit in what has been read and not scanned yet.
    private bool TryTake(out StreamInput input)
    {
        input = default;
        if (_scanned == _end)
            return false;
        _scanned += _scanner.Scan(_buffer.AsSpan(_scanned, _end - _scanned), out XmlUnit unit);
        if (unit == XmlUnit.None)
        {
            if (_scanner.Length == 0)
                Drop();
            return false;
        }
        byte[] bytes = _buffer.AsSpan(_scanned - _scanner.Length, _scanner.Length).ToArray();
        Drop();
        input = unit switch
        {
            XmlUnit.Open => Open(XmlParser.ParseOpen(bytes, Limits)),
            XmlUnit.Element => new(StreamEvent.Element, Read(bytes)),
            _ => StreamInput.Closed,
        };
        return true;
    }

    // The content namespace may stand on the stream, or on the stanza itself (RFC 6120 §4.8.3).
    private Element Read(byte[] bytes)
    {
        XmlFragment read = XmlParser.Parse(bytes, _context, Limits);
        return ContentNamespace != Ns.Client && read.Renamed(ContentNamespace, Ns.Client) is { } renamed
            ? XmlParser.Parse(renamed, _context, Limits).Root
            : read.Root;
    }

    private StreamInput Open(XmlFragment header)
    {
        XmlContext said = XmlContext.Of(header.Root);
        _context =
            ContentNamespace == Ns.Client
                ? said
                : new([
                    .. said.Declarations.Select(each =>
                        each.Value == ContentNamespace ? new(each.Key, Ns.Client) : each
                    ),
                ]);
        return new(StreamEvent.Opened, header.Root);
    }

    // Forgets what was scanned; an empty buffer goes back to the pool.
    private void Drop()
    {
        _scanner.Next();
        _start = _scanned;
        if (_start == _end)
            ReturnBuffer();
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_buffer.Length == 0)
        {
            // A zero-byte read waits without holding a buffer, here and inside SslStream.
            _ = await _stream.ReadAsync(Memory<byte>.Empty, cancellation);
            _buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        }
        else if (_end == _buffer.Length)
        {
            Grow();
        }
        int read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
        _end += read;
        return read > 0;
    }

    private void Grow()
    {
        int used = _end - _start;
        byte[] larger = used * 2 > _buffer.Length ? ArrayPool<byte>.Shared.Rent(_buffer.Length * 2) : _buffer;
        Buffer.BlockCopy(_buffer, _start, larger, 0, used);
        if (larger != _buffer)
            ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _scanned, _end, _start) = (larger, _scanned - _start, used, 0);
    }

    private void ReturnBuffer()
    {
        byte[] buffer = _buffer;
        (_buffer, _start, _scanned, _end) = ([], 0, 0, 0);
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    public override void WriteOpen(StreamHeader header)
    {
        var open = new XmlBuilder(around: "")
            .Start("stream:stream")
            .Attribute("xmlns", ContentNamespace)
            .Attribute("xmlns:stream", Ns.Streams)
            .Attribute("xmlns:db", ContentNamespace == Ns.Server ? Federation.Dialback.Ns : null)
            .Attribute("from", header.From)
            .Attribute("id", header.Id.Length > 0 ? header.Id : null)
            .Attribute("to", header.To)
            .Attribute("version", ContentNamespace == ComponentStream.Namespace ? null : "1.0")
            .Attribute("xml:lang", header.Language)
            .Text("");
        _output.Write("<?xml version='1.0'?>"u8);
        _output.Write(System.Text.Encoding.UTF8.GetBytes(open.ToString()));
    }

    public override void WriteClose() => _output.Write("</stream:stream>"u8);

    public override ValueTask FlushAsync(CancellationToken cancellation) => _output.FlushAsync(_stream, cancellation);

    public override void Restart()
    {
        _scanner.Reset();
        _context = XmlContext.Empty;
    }

    public override async Task StartTlsAsync(CancellationToken cancellation)
    {
        // What a peer sent ahead of the handshake is not to be trusted afterwards (RFC 6120 §5.4.3.3).
        ReturnBuffer();
        Restart();
        await SecureAsync(cancellation);
    }

    public override async ValueTask DisposeAsync()
    {
        _output.Clear();
        await _stream.DisposeAsync();
    }

    /// <summary>Gives the read buffer back; called by the reader once it has stopped.</summary>
    public void Release() => ReturnBuffer();
}
