using System.Security.Cryptography;
using System.Text;
using Xmpp.Addresses;
using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Xmpp.Server.Federation;

/// <summary>
/// A stream that another server began (RFC 6120 §4 to §6): nothing before TLS; then it proves for whom it speaks by its
/// certificate (XEP-0178 §3) or by dialback (<c>IncomingStream.Dialback.cs</c>), and sends.
/// </summary>
internal sealed partial class IncomingStream(OtherServers others, Transport transport) : PeerStream(others, transport)
{
    private const string BidiFeature = "urn:xmpp:features:bidi";
    private const int MostFailures = 3;
    private static readonly TimeSpan _mayEnable = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _patience = new(
        TimeSpan.FromSeconds(others.Server.Options.AuthenticateSeconds),
        others.Server.Time
    );
    private string _id = NewId();
    private string _local = others.Server.Options.Domain;
    private string? _claimed;
    private string? _external;
    private int _failures;
    private readonly Lock _entering = new();
    private Strangers? _place;
    private bool _bidi;
    private ITimer? _withholding;
    private volatile bool _opened;

    private static string NewId() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public Task ServeAsync() => RunAsync(BeginAsync);

    private async Task BeginAsync()
    {
        if (!Server.Strangers.TryEnter(Transport.RemoteAddress))
            throw new StreamErrorException(StreamErrorCondition.PolicyViolation, "too many connections");
        _place = Server.Strangers;
        Transport.Limits = new XmlLimits { Bytes = Server.Options.UnauthenticatedStanzaBytes };
        await using CancellationTokenRegistration end = _patience.Token.Register(Expire);
        using (var both = CancellationTokenSource.CreateLinkedTokenSource(Reading, _patience.Token))
        {
            await Transport.BeginAsync(both.Token);
            if (!Transport.IsSecure && !await TrySecureAsync(both.Token))
                return;
        }
        Writer.Begin();
        await ReadAsync();
    }

    protected override async Task OnEndedAsync()
    {
        await EndVerificationsAsync();
        _place?.Leave(Transport.RemoteAddress);
        _withholding?.Dispose();
        _patience.Dispose();
    }

    // It is no stranger any more.
    private void Welcome()
    {
        lock (_entering)
        {
            if (_place == Others.Streams.Proved)
                return;
            if (!Others.Streams.Proved.TryEnter(Transport.RemoteAddress))
                throw new StreamErrorException(StreamErrorCondition.PolicyViolation, "too many streams");
            _place?.Leave(Transport.RemoteAddress);
            _place = Others.Streams.Proved;
        }
    }

    // ---- TLS (RFC 6120 §5) ----

    // False when the peer went.
    private async Task<bool> TrySecureAsync(CancellationToken cancellation)
    {
        StreamInput header = await Transport.ReadAsync(cancellation);
        if (header.Event != StreamEvent.Opened)
            return false;
        ReadHeader(header.Element);
        WriteHeader(Transport);
        await Transport.FlushAsync(cancellation);
        StreamInput input = await Transport.ReadAsync(cancellation);
        if (input.Event != StreamEvent.Element)
            return false;
        if (!input.Element.Is("starttls", Ns.Tls))
            throw new StreamErrorException(StreamErrorCondition.PolicyViolation, "nothing is taken without TLS");
        Transport.Write("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"u8);
        await Transport.FlushAsync(cancellation);
        await Transport.StartTlsAsync(cancellation);
        return true;
    }

    // ---- headers and features ----

    protected override void OnOpened(Element header)
    {
        (_id, _opened) = (NewId(), false);
        ReadHeader(header);
        if (_external is not null)
        {
            WithholdAWhile();
            Admit(_external, _local, () => Say(WriteHeader));
        }
        else
            Say(WriteHeader);
    }

    // XEP-0198 §3: it may ask for acknowledgements now; before that nothing goes that could get lost.
    private void WithholdAWhile()
    {
        Writer.Withhold();
        _withholding?.Dispose();
        _withholding = Server.Time.CreateTimer(_ => Writer.Release(), null, _mayEnable, Timeout.InfiniteTimeSpan);
    }

    private void ReadHeader(Element header)
    {
        if (!header.Is("stream", Ns.Streams) || header.Attribute("xmlns", Ns.Xmlns) != Ns.Server)
            throw new StreamErrorException(StreamErrorCondition.InvalidNamespace);
        string? to = header.Attribute("to");
        if (to is not null && (!OtherServers.TryDomain(to, out string? domain) || !Others.IsOurs(domain)))
            throw new StreamErrorException(StreamErrorCondition.HostUnknown);
        if (to is not null && OtherServers.TryDomain(to, out string? ours))
            _local = ours;
        string? from = header.Attribute("from");
        _claimed = OtherServers.TryDomain(from, out string? claimed) ? claimed : null;
        Language = header.Language;
        if (_external is not null && from is not null && _claimed != _external)
            throw new StreamErrorException(StreamErrorCondition.InvalidFrom);
    }

    protected override bool HasOpened => _opened;

    protected override void Open(Transport transport) => transport.WriteOpen(new StreamHeader(_local, _id));

    private void WriteHeader(Transport transport)
    {
        _opened = true;
        Jid? to = _claimed is null ? null : Jid.Parse(_claimed);
        transport.WriteOpen(new StreamHeader(_local, _id, to));
        var features = new XmlBuilder(around: "").Start("stream:features").Attribute("xmlns:stream", Ns.Streams);
        if (!transport.IsSecure)
            features.Start("starttls", Ns.Tls).Empty("required").End();
        else
            WriteFeatures(features);
        transport.Write(features.ToArray());
    }

    private void WriteFeatures(XmlBuilder features)
    {
        if (_external is null && CanProve(_claimed))
            features.Start("mechanisms", Ns.Sasl).Element("mechanism", "EXTERNAL").End();
        features.Start("dialback", Dialback.Feature).Empty("errors").End();
        // XEP-0288 §3: what is ours goes only to whom the domain's certificate proves at this very end.
        if (_external is not null)
            features.Empty("sm", Ns.StreamManagement);
        else if (CanProve(_claimed))
            features.Empty("bidi", BidiFeature);
        StreamLimits.Write(features, Others.Options.StanzaBytes);
    }

    // ---- proofs ----

    public override (string Local, string Remote)? Pair => _external is null ? null : (_local, _external);

    public override bool MayFeed => _bidi && CanProve(_external);

    protected override void Negotiate(Element element)
    {
        switch (element.Name, element.Namespace)
        {
            case ("bidi", "urn:xmpp:bidi"):
                (_bidi, MostBytes) = (true, StreamLimits.Read(element));
                return;
            case ("auth", Ns.Sasl) when _external is null:
                AuthenticateExternally(element);
                return;
            case ("result", Dialback.Ns):
                TakeResult(element);
                return;
            case ("verify", Dialback.Ns):
                AnswerVerify(element);
                return;
            default:
                base.Negotiate(element);
                return;
        }
    }

    private bool CanProve(string? domain) =>
        domain is not null
        && !Others.IsOurs(domain)
        && Others.MayCome(domain)
        && Transport.PeerCertificate?.IsValidFor(domain) == true;

    // XEP-0178 §3: whom it means to be is in the response, or else in the header.
    private void AuthenticateExternally(Element auth)
    {
        string? domain = _claimed;
        string text = auth.Text.Trim();
        bool said = text is not ("" or "=");
        if (said && (!TryDecode(text, out domain) || (_claimed is not null && domain != _claimed)))
            domain = null;
        if (auth.Attribute("mechanism") != "EXTERNAL" || !CanProve(domain))
        {
            Refuse(domain);
            return;
        }
        _external = domain;
        Server.Log.PeerCame(domain!, Transport.RemoteAddress.ToString(), "by certificate");
        Say(static t => t.Write("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"u8));
        Transport.Restart();
    }

    private static bool TryDecode(string text, out string? domain)
    {
        domain = null;
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length)
            && OtherServers.TryDomain(Encoding.UTF8.GetString(bytes, 0, length), out domain);
    }

    private void Refuse(string? domain)
    {
        string why =
            domain is null ? "it says nobody, or two"
            : !Others.MayCome(domain) ? "the settings do not allow it"
            : PeerCertificate.WhyNot(Transport.PeerCertificate, domain);
        Server.Log.PeerRefused(domain ?? "?", Transport.RemoteAddress.ToString(), why);
        if (++_failures >= MostFailures)
            throw new StreamErrorException(StreamErrorCondition.PolicyViolation, "too many failures");
        Say("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>"u8.ToArray());
    }

    // From now on it may send from the one to the other, and larger stanzas. It hears so before anything of ours.
    private void Admit(string remote, string local, Action say)
    {
        Welcome();
        Prove(remote, local);
        Others.Streams.Replace(this, remote, local);
        _patience.CancelAfter(Timeout.InfiniteTimeSpan);
        Transport.Limits = new XmlLimits { Bytes = Others.Options.StanzaBytes };
        if (_bidi && CanProve(remote))
            Writer.TryFeed(Others.PeerOf(local, remote), peer => peer.Begin(Counting.IsOn), first: say);
        else
            say();
        Others.Came(remote);
    }
}
