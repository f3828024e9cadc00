using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Xmpp.Xml;

namespace Kith.Tests.Client;

/// <summary>
/// One TCP connection to the program, framed by RFC 6120: text goes out, elements come in. Any certificate will do.
/// </summary>
internal sealed class Wire : IDisposable
{
    private static readonly XmlLimits _limits = new() { Bytes = 16 << 20 };
    private readonly Socket _socket;
    private readonly XmlScanner _scanner = new(_limits);
    private readonly SemaphoreSlim _sending = new(1);
    private Stream _stream;
    private XmlContext _context = XmlContext.Empty;
    private byte[] _buffer = new byte[8192];
    private int _start;
    private int _scanned;
    private int _end;

    private Wire(Socket socket) => (_socket, _stream) = (socket, new NetworkStream(socket, ownsSocket: true));

    /// <summary>What the server showed in its last handshake.</summary>
    public X509Certificate2? Certificate { get; private set; }

    /// <summary>This end's port, by which a trace knows the connection.</summary>
    public int LocalPort => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Connects to the port on the loopback address, in the clear.</summary>
    public static async Task<Wire> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return new Wire(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>TLS from here on; with ALPN where it is direct (XEP-0368).</summary>
    public async Task SecureAsync(string host, bool direct)
    {
        var secured = new SslStream(_stream);
        _stream = secured;
        await secured.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = host,
                ApplicationProtocols = direct ? [new SslApplicationProtocol("xmpp-client")] : null,
                RemoteCertificateValidationCallback = (_, shown, _, _) =>
                {
                    Certificate = new X509Certificate2(shown!);
                    return true;
                },
            }
        );
    }

    /// <summary>Opens a stream, the first or the next one, and returns its features.</summary>
    public async Task<Element> OpenAsync(string to)
    {
        _scanner.Reset();
        _context = XmlContext.Empty;
        await SendAsync(
            $"<?xml version='1.0'?><stream:stream xmlns='{Ns.Client}' xmlns:stream='{Ns.Streams}' to='{to}' version='1.0'>"
        );
        Element header = await ReadAsync();
        if (!header.Is("stream", Ns.Streams))
            throw new IOException($"no stream header: {header}");
        return await ReadAsync();
    }

    public async Task SendAsync(string xml)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(xml);
        await _sending.WaitAsync();
        try
        {
            await _stream.WriteAsync(bytes);
        }
        catch (ObjectDisposedException cut)
        {
            throw new IOException("the connection was cut", cut);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next element below the stream's root, or its header; "no element" at the end of the stream.</summary>
    /// <exception cref="IOException">The connection is gone without an end of the stream.</exception>
    public async Task<Element> ReadAsync()
    {
        while (true)
        {
            if (TryTake(out XmlUnit unit, out byte[] bytes))
                return Parsed(unit, bytes);
            MakeRoom();
            int read;
            try
            {
                read = await _stream.ReadAsync(_buffer.AsMemory(_end));
            }
            catch (ObjectDisposedException cut)
            {
                throw new IOException("the connection was cut", cut);
            }
            if (read == 0)
                throw new IOException("the connection ended, the stream did not");
            _end += read;
        }
    }

    private bool TryTake(out XmlUnit unit, out byte[] bytes)
    {
        (unit, bytes) = (XmlUnit.None, []);
        if (_scanned == _end)
            return false;
        _scanned += _scanner.Scan(_buffer.AsSpan(_scanned, _end - _scanned), out unit);
        if (unit == XmlUnit.None)
        {
            if (_scanner.Length == 0)
                Drop();
            return false;
        }
        bytes = _buffer.AsSpan(_scanned - _scanner.Length, _scanner.Length).ToArray();
        Drop();
        return true;
    }

    private void Drop()
    {
        _scanner.Next();
        _start = _scanned;
    }

    private Element Parsed(XmlUnit unit, byte[] bytes)
    {
        switch (unit)
        {
            case XmlUnit.Open:
                Element header = XmlParser.ParseOpen(bytes, _limits).Root;
                _context = XmlContext.Of(header);
                return header;
            case XmlUnit.Element:
                return XmlParser.Parse(bytes, _context, _limits).Root;
            default:
                return default;
        }
    }

    private void MakeRoom()
    {
        if (_end < _buffer.Length)
            return;
        byte[] larger = _start > _buffer.Length / 2 ? _buffer : new byte[_buffer.Length * 2];
        Buffer.BlockCopy(_buffer, _start, larger, 0, _end - _start);
        (_buffer, _scanned, _end, _start) = (larger, _scanned - _start, _end - _start, 0);
    }

    /// <summary>Like a cable pulled: the server gets a reset, or nothing that it can tell from one.</summary>
    public void Cut()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    public void Dispose() => _stream.Dispose();
}
