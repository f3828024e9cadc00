using System.Reflection;
using System.Xml.Linq;
using Xmpp.Server.Streams;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Server.Tests.Plays.Stage;

/// <summary>How elements lie on the line. Each play runs over all of them.</summary>
public enum Framing
{
    Tcp,
    WebSocket,
}

/// <summary>Runs a play once for each framing: <c>[Theory, Framings]</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FramingsAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod,
        DisposalTracker disposalTracker
    ) => new([.. Enum.GetValues<Framing>().Select(framing => new TheoryDataRow<Framing>(framing))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}

/// <summary>The client's end of a line in one framing: whole elements both ways, read by a parser that is not the server's.</summary>
internal abstract class Wire
{
    public static Wire Create(Framing framing, Line line) =>
        framing switch
        {
            Framing.Tcp => new TcpWire(line.Client),
            Framing.WebSocket => new WebSocketWire(line.Client),
            _ => throw new ArgumentOutOfRangeException(nameof(framing)),
        };

    /// <summary>The server's end.</summary>
    public static Transport CreateTransport(Framing framing, Line line) =>
        framing switch
        {
            Framing.Tcp => TcpWire.ServerEnd(line.Server),
            Framing.WebSocket => WebSocketWire.ServerEnd(line.Server),
            _ => throw new ArgumentOutOfRangeException(nameof(framing)),
        };

    /// <summary>Sends a stream header; after a success it begins the stream anew.</summary>
    public abstract Task OpenAsync(string to);

    /// <summary>Sends elements exactly as they are written.</summary>
    public abstract Task SendAsync(string xml);

    public abstract Task CloseAsync();

    /// <summary>The next element or header; null at the stream's end.</summary>
    public abstract Task<XElement?> ReadAsync(CancellationToken cancellation);
}
