using System.Net;
using System.Text;
using System.Xml.Linq;
using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Server.Tests.Plays.Stage;

/// <summary>RFC 6120 framing from the client's side.</summary>
internal sealed class TcpWire(Stream stream) : Wire
{
    private readonly XmlScanner _scanner = new(new XmlLimits { Bytes = int.MaxValue });
    private readonly List<byte> _unit = [];
    private byte[] _buffer = [];
    private string _header = "";

    public static Transport ServerEnd(Stream stream) =>
        new TcpTransport(stream, IPAddress.Loopback, new XmlLimits(), tls: null) { SecuredOutside = true };

    public override Task OpenAsync(string to)
    {
        _scanner.Reset();
        return SendAsync(
            $"<?xml version='1.0'?><stream:stream xmlns='{Ns.Client}' xmlns:stream='{Ns.Streams}' to='{to}' version='1.0'>"
        );
    }

    /// <summary>Expects a new stream, as after TLS and SASL.</summary>
    public void Restart() => _scanner.Reset();

    public override Task SendAsync(string xml) => stream.WriteAsync(Encoding.UTF8.GetBytes(xml)).AsTask();

    public override Task CloseAsync() => SendAsync("</stream:stream>");

    public override async Task<XElement?> ReadAsync(CancellationToken cancellation)
    {
        var read = new byte[4096];
        while (true)
        {
            if (_buffer.Length > 0)
            {
                int taken = _scanner.Scan(_buffer, out XmlUnit unit);
                _unit.AddRange(_buffer.AsSpan(0, taken));
                _buffer = _buffer[taken..];
                if (unit != XmlUnit.None)
                    return Take(unit);
                continue;
            }
            int count = await stream.ReadAsync(read, cancellation);
            if (count == 0)
                return null;
            _buffer = read[..count];
        }
    }

    private XElement? Take(XmlUnit unit)
    {
        string text = Encoding.UTF8.GetString([.. _unit]);
        _unit.Clear();
        _scanner.Next();
        switch (unit)
        {
            case XmlUnit.Open:
                _header = text[text.IndexOf("<stream:", StringComparison.Ordinal)..];
                return XElement.Parse(_header + "</stream:stream>");
            case XmlUnit.Element:
                XElement element = XElement
                    .Parse(_header + text + "</stream:stream>", LoadOptions.PreserveWhitespace)
                    .Elements()
                    .Single();
                element.Remove();
                return element;
            default:
                return null;
        }
    }
}
