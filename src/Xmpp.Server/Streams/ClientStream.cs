using System.Security.Cryptography;
using Xmpp.Addresses;
using Xmpp.Sasl;
using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Server.Streams.Bosh;
using Xmpp.Xml;

namespace Xmpp.Server.Streams;

/// <summary>
/// One client connection from its first byte to a bound session. Each state of the negotiation (RFC 6120 §4.3) is a
/// class; this one holds what they share.
/// </summary>
internal sealed class ClientStream
{
    private const string LimitsNamespace = "urn:xmpp:stream-limits:0";
    private readonly CancellationTokenSource _patience;
    private bool _isStranger;

    public ClientStream(XmppServer server, Transport transport)
    {
        (Server, Transport) = (server, transport);
        _patience = new CancellationTokenSource(TimeSpan.FromSeconds(server.Options.AuthenticateSeconds), server.Time);
        transport.Limits = new XmlLimits { Bytes = server.Options.UnauthenticatedStanzaBytes };
    }

    public XmppServer Server { get; }
    public Transport Transport { get; }

    /// <summary>The client's header of the current stream.</summary>
    public Element Header { get; private set; }

    /// <summary>The invite token that was presented before registering (XEP-0445).</summary>
    public string? PreAuthorization { get; set; }

    /// <summary>How the client signed in; null before.</summary>
    public SignIn? SignIn { get; private set; }

    /// <summary>The account's generation when it began to sign in.</summary>
    public int Generation { get; set; }

    /// <summary>False once the account was locked, reset, removed or given another password since.</summary>
    public bool IsCurrent(Account account) => Server.Accounts.Generation(account.Name) == Generation;

    public MechanismList Mechanisms => MechanismList.For(Transport.IsSecure, Transport.Bindings);

    /// <summary>The session that this connection was promised; who does not get as far as to serve it gives it up.</summary>
    public Attachment? Promised { get; set; }

    /// <summary>
    /// Negotiates (RFC 6120 §4.3) up to a session, which is then to be run; null when the stream ended before, and with
    /// it the connection.
    /// </summary>
    public async Task<Attachment?> NegotiateAsync(CancellationToken stopping)
    {
        (string? fault, StreamErrorException? error) = await TryAsync(stopping);
        Leave();
        _patience.Dispose();
        if (fault is null)
            return Promised;
        Promised?.Abandon(fault);
        if (error is not null && Transport.CanBeHeard)
            await SayAsync(error);
        Server.Log.StreamEnded(Transport.RemoteAddress.ToString(), fault);
        await Transport.DisposeAsync();
        return null;
    }

    // Nothing when there is a session, else why not, and what the peer is told.
    private async Task<(string? Fault, StreamErrorException? Error)> TryAsync(CancellationToken stopping)
    {
        try
        {
            Enter();
            using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, _patience.Token);
            await Transport.BeginAsync(both.Token);
            return (await NegotiateUnguardedAsync(both.Token) ? null : "ended", null);
        }
        catch (StreamErrorException error)
        {
            return (error.Message, error);
        }
        catch (OperationCanceledException)
        {
            bool stops = stopping.IsCancellationRequested;
            return (
                "not signed in in time",
                new(stops ? StreamErrorCondition.SystemShutdown : StreamErrorCondition.ConnectionTimeout)
            );
        }
        catch (Exception lost) when (lost is IOException or System.Security.Authentication.AuthenticationException)
        {
            return (lost.Message, null);
        }
        catch (Exception bug)
        {
            Server.Log.Bug(bug, null);
            return (bug.Message, new(StreamErrorCondition.InternalServerError));
        }
    }

    private void Enter()
    {
        _isStranger = Server.Strangers.TryEnter(Transport.RemoteAddress);
        if (!_isStranger)
            throw new StreamErrorException(StreamErrorCondition.PolicyViolation, "too many connections");
    }

    private void Leave()
    {
        if (_isStranger)
            Server.Strangers.Leave(Transport.RemoteAddress);
        _isStranger = false;
    }

    // True when a session is to be run; false when the peer went before.
    private async Task<bool> NegotiateUnguardedAsync(CancellationToken cancellation)
    {
        NegotiationState state = new SigningIn(this);
        while (true)
        {
            StreamInput input = await Transport.ReadAsync(cancellation);
            switch (input.Event)
            {
                case StreamEvent.Opened:
                    Open(input.Element, state);
                    break;
                case StreamEvent.Element:
                    state = await state.OnElementAsync(input.Element, cancellation);
                    break;
                case StreamEvent.Closed:
                    Transport.WriteClose();
                    await Transport.FlushAsync(cancellation);
                    return false;
                default:
                    return false;
            }
            // What was written for it is sent by the session, which has all the time that it needs.
            if (state is Ready)
                return true;
            await Transport.FlushAsync(cancellation);
        }
    }

    private void Open(Element header, NegotiationState state)
    {
        Header = header;
        Jid? from = Jid.TryParse(header.Attribute("from"), out Jid? said) ? said : null;
        string id = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        Transport.WriteOpen(new StreamHeader(Server.Options.Domain, id, from?.Bare));
        CheckHeader(header);
        WriteFeatures(state.WriteFeatures);
    }

    /// <summary>Writes <c>&lt;stream:features/&gt;</c> (RFC 6120 §4.3.2) with what may be sent now (XEP-0478).</summary>
    internal void WriteFeatures(Action<XmlBuilder> write)
    {
        var features = new XmlBuilder(around: "").Start("stream:features").Attribute("xmlns:stream", Ns.Streams);
        write(features);
        features.Start("limits", LimitsNamespace).Start("max-bytes").Text(Transport.Limits.Bytes).End().End();
        Transport.Write(features.ToArray());
    }

    /// <summary>The peer is known, and may send more at once.</summary>
    internal void SignedIn(SignIn signIn)
    {
        SignIn = signIn;
        Leave();
        Transport.Limits = new XmlLimits { Bytes = Server.Options.StanzaBytes };
    }

    // RFC 6120 §4.7, §4.8; RFC 7395 §3.3; XEP-0388 §2.1.
    private void CheckHeader(Element header)
    {
        bool tcp = header is { Name: "stream", Namespace: Ns.Streams };
        bool webSocket = header is { Name: "open", Namespace: Ns.Framing };
        bool bosh = header is { Name: "body", Namespace: BoshRequest.Namespace };
        bool expected = Transport.Name switch
        {
            "tcp" => tcp,
            "websocket" => webSocket,
            _ => bosh,
        };
        if (!expected)
            throw new StreamErrorException(
                header.Name == "stream" ? StreamErrorCondition.InvalidNamespace : StreamErrorCondition.BadFormat
            );
        if (tcp && header.Attribute("xmlns", Ns.Xmlns) is { } content && content != Ns.Client)
            throw new StreamErrorException(StreamErrorCondition.InvalidNamespace);
        // A BOSH session knows its domain from its first request on; one that restarts the stream need not repeat it.
        string? said = header.Attribute("to") ?? (bosh ? Server.Options.Domain : null);
        if (!Jid.TryParse(said, out Jid? to) || to.ToString() != Server.Options.Domain)
            throw new StreamErrorException(StreamErrorCondition.HostUnknown);
        if (Jid.TryParse(header.Attribute("from"), out Jid? from) && from.Domain != Server.Options.Domain)
            throw new StreamErrorException(StreamErrorCondition.InvalidFrom);
        if (!bosh && !(header.Attribute("version") ?? "0.9").StartsWith("1.", StringComparison.Ordinal))
            throw new StreamErrorException(StreamErrorCondition.UnsupportedVersion);
    }

    private async Task SayAsync(StreamErrorException error)
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), Server.Time);
            if (!Header.Exists)
                Transport.WriteOpen(new StreamHeader(Server.Options.Domain, "0"));
            Transport.Write(StreamElements.Error(error));
            Transport.WriteClose();
            await Transport.FlushAsync(patience.Token);
        }
        catch (Exception lost) when (lost is IOException or ObjectDisposedException or OperationCanceledException)
        {
            Server.Log.StreamEnded(Transport.RemoteAddress.ToString(), lost.Message);
        }
    }
}

/// <summary>One state of the negotiation: what it offers, and what follows each element.</summary>
internal abstract class NegotiationState
{
    public abstract void WriteFeatures(XmlBuilder features);

    public abstract ValueTask<NegotiationState> OnElementAsync(Element element, CancellationToken cancellation);
}

/// <summary>Negotiation is over: the session takes the connection that it was promised.</summary>
internal sealed class Ready : NegotiationState
{
    public static readonly Ready Now = new();

    public override void WriteFeatures(XmlBuilder features) { }

    public override ValueTask<NegotiationState> OnElementAsync(Element element, CancellationToken cancellation) =>
        throw new InvalidOperationException();
}

/// <summary>Who signed in on a stream, and how.</summary>
/// <param name="Agent">What the client said about itself; unknown for apps without SASL2.</param>
/// <param name="UsedPassword">By password (SCRAM, PLAIN) and not by a token.</param>
/// <param name="Device">Whose token it proved; null by password.</param>
internal sealed record SignIn(Account Account, UserAgent Agent, bool UsedPassword, long? Device = null);
