using System.Security.Authentication;
using Xmpp.Addresses;
using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Xmpp.Server.Federation;

/// <summary>
/// Opens a stream to the server of a domain, as far as it can be trusted: TLS is on and the certificate is the domain's
/// (RFC 6120 §4, §5, §13.7). Whatever follows, nobody has been told anything yet.
/// </summary>
internal sealed class Reaching(OtherServers others, string local, string remote)
{
    private const int MostRoutes = 8;
    private XmppServer Server => others.Server;

    /// <summary>The stream's connection, its id at the peer, and what the peer offers.</summary>
    public sealed record Reached(Transport Transport, string Id, Element Features);

    /// <exception cref="PeerException">It was not reached.</exception>
    public async Task<Reached> ReachAsync(CancellationToken cancellation)
    {
        IReadOnlyList<PeerRoute> routes = await FindAsync(cancellation);
        if (routes.Count == 0)
            throw new PeerException(PeerFault.NotFound, "there is no such server");
        PeerException? worst = null;
        foreach (PeerRoute route in routes.Take(MostRoutes))
        {
            try
            {
                return await TryAsync(route, cancellation);
            }
            catch (PeerException fault)
            {
                worst = worst is null || fault.Fault > worst.Fault ? fault : worst;
            }
        }
        throw worst!;
    }

    private async Task<IReadOnlyList<PeerRoute>> FindAsync(CancellationToken cancellation)
    {
        try
        {
            return await others.Options.Connector.FindAsync(remote, cancellation);
        }
        catch (IOException unknown)
        {
            throw new PeerException(PeerFault.Unreachable, unknown.Message);
        }
    }

    private async Task<Reached> TryAsync(PeerRoute route, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(
            TimeSpan.FromSeconds(Server.Options.AuthenticateSeconds),
            Server.Time
        );
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        Transport? transport = null;
        try
        {
            transport = await others.Options.Connector.ConnectAsync(remote, route, both.Token);
            transport.Limits = new XmlLimits { Bytes = Server.Options.UnauthenticatedStanzaBytes };
            Reached reached = await BeginAsync(transport, route, both.Token);
            transport = null;
            return reached;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new PeerException(PeerFault.Unreachable, $"{route} does not answer");
        }
        catch (AuthenticationException fault)
        {
            throw new PeerException(PeerFault.Unreachable, $"{route}: TLS failed: {fault.Message}");
        }
        catch (Exception lost) when (lost is IOException or StreamErrorException)
        {
            throw new PeerException(PeerFault.Unreachable, $"{route}: {lost.Message}");
        }
        finally
        {
            if (transport is not null)
                await transport.DisposeAsync();
        }
    }

    private async Task<Reached> BeginAsync(Transport transport, PeerRoute route, CancellationToken cancellation)
    {
        await transport.BeginAsync(cancellation);
        if (!transport.IsSecure)
        {
            (_, Element offered) = await OpenAsync(transport, local, remote, cancellation);
            if (!offered.Has("starttls", Ns.Tls))
                throw new PeerException(PeerFault.Refused, $"{route} offers no TLS");
            transport.Write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"u8);
            await transport.FlushAsync(cancellation);
            if (!(await NextAsync(transport, cancellation)).Is("proceed", Ns.Tls))
                throw new PeerException(PeerFault.Unreachable, $"{route} does not go on with TLS");
            await transport.StartTlsAsync(cancellation);
        }
        if (transport.PeerCertificate?.IsValidFor(remote) != true)
        {
            string why = PeerCertificate.WhyNot(transport.PeerCertificate, remote);
            Server.Log.CertificateRefused(remote, route.ToString(), why);
            throw new PeerException(PeerFault.Refused, $"{route}: its certificate is not accepted: {why}");
        }
        (string id, Element features) = await OpenAsync(transport, local, remote, cancellation);
        return new Reached(transport, id, features);
    }

    /// <summary>Our header, theirs, and their features (RFC 6120 §4.3).</summary>
    public static async Task<(string Id, Element Features)> OpenAsync(
        Transport transport,
        string local,
        string remote,
        CancellationToken cancellation
    )
    {
        transport.WriteOpen(new StreamHeader(local, "", Jid.Parse(remote)));
        await transport.FlushAsync(cancellation);
        StreamInput header = await transport.ReadAsync(cancellation);
        if (header.Event != StreamEvent.Opened)
            throw new IOException("the connection was closed");
        if (!header.Element.Is("stream", Ns.Streams))
            throw new StreamErrorException(StreamErrorCondition.InvalidNamespace);
        Element features = await NextAsync(transport, cancellation);
        if (!features.Is("features", Ns.Streams))
            throw new IOException("no stream features came");
        return (header.Element.Attribute("id") ?? "", features);
    }

    /// <summary>The next element.</summary>
    /// <exception cref="IOException">The stream ended, perhaps with an error of the peer.</exception>
    public static async Task<Element> NextAsync(Transport transport, CancellationToken cancellation)
    {
        StreamInput input = await transport.ReadAsync(cancellation);
        if (input.Event != StreamEvent.Element)
            throw new IOException("the connection was closed");
        if (input.Element.Is("error", Ns.Streams))
            throw new IOException($"it ended the stream: {Describe(input.Element)}");
        return input.Element;
    }

    private static string Describe(Element error)
    {
        string text = error.Child("text", Ns.StreamErrors).Text;
        return text.Length > 0 ? $"{error.FirstChild.Name}, {text}" : error.FirstChild.Name;
    }
}
