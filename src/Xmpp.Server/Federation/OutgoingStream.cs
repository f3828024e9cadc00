using System.Text;
using Xmpp.Server.Stores;
using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Xmpp.Server.Federation;

/// <summary>
/// A stream that we began: we prove who we are by our certificate (SASL EXTERNAL, XEP-0178 §3) or by dialback (XEP-0220
/// §2.1.1), and send. With XEP-0288 the peer answers on it.
/// </summary>
internal sealed class OutgoingStream : PeerStream
{
    private readonly string _local;
    private readonly string _remote;
    private bool _bidi;
    private bool _asks;
    private Peer? _peer;
    private ITimer? _patience;

    // The stream that this one is to go on with.
    private Resumable? _resuming;

    private OutgoingStream(OtherServers others, Transport transport, string local, string remote)
        : base(others, transport) => (_local, _remote) = (local, remote);

    /// <summary>Proves itself on a stream that was just opened.</summary>
    /// <exception cref="PeerException">It did not succeed; the connection is gone.</exception>
    public static async Task<OutgoingStream> AuthenticateAsync(
        OtherServers others,
        string local,
        string remote,
        Reaching.Reached reached,
        CancellationToken stopping
    )
    {
        var stream = new OutgoingStream(others, reached.Transport, local, remote);
        using var patience = new CancellationTokenSource(
            TimeSpan.FromSeconds(others.Server.Options.AuthenticateSeconds),
            others.Server.Time
        );
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        try
        {
            string way = await stream.AuthenticateAsync(reached, both.Token);
            others.Server.Log.Connected(local, remote, reached.Transport.RemoteAddress.ToString(), way);
            return stream;
        }
        catch (Exception fault) when (fault is not PeerException)
        {
            await reached.Transport.DisposeAsync();
            throw fault switch
            {
                OperationCanceledException when stopping.IsCancellationRequested => fault,
                OperationCanceledException => new PeerException(PeerFault.Unreachable, "it does not answer"),
                _ => new PeerException(PeerFault.Unreachable, fault.Message),
            };
        }
        catch (PeerException)
        {
            await reached.Transport.DisposeAsync();
            throw;
        }
    }

    // How it was done, for the log.
    private async Task<string> AuthenticateAsync(Reaching.Reached reached, CancellationToken cancellation)
    {
        (Element features, string id) = (reached.Features, reached.Id);
        _bidi = features.Has("bidi", "urn:xmpp:features:bidi");
        if (_bidi)
            Transport.Write(
                StreamLimits
                    .Write(new XmlBuilder(around: "").Start("bidi", "urn:xmpp:bidi"), Others.Options.StanzaBytes)
                    .ToArray()
            );
        MostBytes = StreamLimits.Read(features);
        if (OffersExternal(features) && await TryExternalAsync(cancellation))
        {
            Transport.Restart();
            (_, features) = await Reaching.OpenAsync(Transport, _local, _remote, cancellation);
            _asks = features.Has("sm", Ns.StreamManagement);
            MostBytes = StreamLimits.Read(features);
            return "by certificate";
        }
        if (!features.Has("dialback", Dialback.Feature) && OffersExternal(features))
            throw new PeerException(PeerFault.Refused, "it does not accept our certificate, and no dialback");
        await DialBackAsync(id, cancellation);
        return "by dialback";
    }

    private static bool OffersExternal(Element features)
    {
        foreach (Element mechanism in features.Child("mechanisms", Ns.Sasl).Children)
            if (mechanism.Name == "mechanism" && mechanism.Text == "EXTERNAL")
                return true;
        return false;
    }

    private async Task<bool> TryExternalAsync(CancellationToken cancellation)
    {
        Transport.Write(
            new XmlBuilder(around: "")
                .Start("auth", Ns.Sasl)
                .Attribute("mechanism", "EXTERNAL")
                .Text(Convert.ToBase64String(Encoding.UTF8.GetBytes(_local)))
                .ToArray()
        );
        await Transport.FlushAsync(cancellation);
        return (await Reaching.NextAsync(Transport, cancellation)).Is("success", Ns.Sasl);
    }

    // §2.1.1: only the answer to what was asked counts.
    private async Task DialBackAsync(string id, CancellationToken cancellation)
    {
        Transport.Write(Dialback.Result(_local, _remote, Others.Keys.Make(_remote, _local, id)));
        await Transport.FlushAsync(cancellation);
        Element answer = await Reaching.NextAsync(Transport, cancellation);
        bool asked =
            answer.Is("result", Dialback.Ns)
            && OtherServers.IsDomain(answer.Attribute("from"), _remote)
            && OtherServers.IsDomain(answer.Attribute("to"), _local);
        string? type = asked ? answer.Attribute("type") : null;
        if (type == "valid")
            return;
        string why = type == "error" ? answer.Child("error", answer.FirstChild.Namespace).FirstChild.Name : type ?? "";
        throw new PeerException(PeerFault.Refused, $"it does not believe that we are {_local} (dialback: {why})");
    }

    /// <summary>Stanzas could go over it.</summary>
    public bool WasReady { get; private set; }

    public override (string Local, string Remote)? Pair => (_local, _remote);

    public override bool MayFeed => true;

    /// <summary>Takes what waits for the peer, until its end.</summary>
    public Task ServeAsync(Peer peer)
    {
        _peer = peer;
        return RunAsync(async () =>
        {
            Transport.Limits = new XmlLimits { Bytes = Others.Options.StanzaBytes };
            // XEP-0288 §2.2: the reverse of what we have proved ourselves for, at a server whose certificate is its domain's.
            if (_bidi)
                Prove(_remote, _local);
            Writer.Begin();
            if (_asks)
                await AskAsync();
            else
                Feed(each => each.Begin(counting: false));
            await ReadAsync();
        });
    }

    // XEP-0198 §3: nothing is sent before both count. With XEP-0288 the peer may send before it answers.
    private async Task AskAsync()
    {
        _patience = Server.Time.CreateTimer(
            _ => Expire(),
            null,
            TimeSpan.FromSeconds(Server.Options.AuthenticateSeconds),
            Timeout.InfiniteTimeSpan
        );
        if (_peer!.Resumable is not { } resumable || !Others.Resumables.Contain(resumable))
        {
            Enable();
        }
        else if (!Others.Resumables.TryClaim(resumable, this))
        {
            // The peer is about to go on with it, on a stream of its own.
            Answered();
            Close();
        }
        else
        {
            _resuming = resumable;
            // Life 2: what is said to be taken is on disk.
            await Server.Stores.Database.SettledAsync();
            Say(
                new XmlBuilder(around: "")
                    .Start("resume", Ns.StreamManagement)
                    .Attribute("previd", resumable.Id)
                    .Attribute("h", resumable.Handled)
                    .ToArray()
            );
        }
    }

    private void Enable() => Say("<enable xmlns='urn:xmpp:sm:3' resume='true'/>"u8.ToArray());

    /// <inheritdoc/>
    public override bool TryTakeAnswer(Element answer)
    {
        if (!_asks)
            return false;
        switch (answer.Name, _resuming)
        {
            case ("resumed", { } resumable):
                Resumed(resumable, answer);
                return true;
            case ("failed", { } resumable):
                NotResumed(resumable, answer);
                return true;
            case ("enabled" or "failed", null):
                Enabled(answer);
                return true;
            default:
                return false;
        }
    }

    private void Enabled(Element answer)
    {
        Answered();
        if (answer.Name != "enabled")
        {
            Feed(peer => peer.Begin(counting: false));
            return;
        }
        bool mayResume = answer.Attribute("resume") is "true" or "1";
        Resumable? resumable = mayResume && answer.Attribute("id") is { Length: > 0 } id ? Counting.Name(id) : null;
        Counting.Begin(resumable);
        Feed(peer => peer.Begin(counting: true, resumable));
    }

    // §5: what the peer has not taken goes again, and no more.
    private void Resumed(Resumable resumable, Element answer)
    {
        Answered();
        if (answer.Attribute("previd") != resumable.Id || !uint.TryParse(answer.Attribute("h"), out uint handled))
            throw new StreamErrorException(StreamErrorCondition.InvalidXml, "it goes on with another stream");
        if (!Others.Resumables.TryTake(resumable, this))
        {
            // It was gone on with elsewhere meanwhile. The peer must not take this one for closed in order, and nothing that
            // follows is taken here.
            Cut();
            throw new OperationCanceledException();
        }
        Counting.Begin(resumable);
        bool isRight = true;
        Feed(peer => isRight = peer.TryResume(resumable, handled), resumable);
        if (!isRight)
            throw new StreamErrorException(
                StreamErrorCondition.UndefinedCondition,
                "more is acknowledged than was sent"
            );
        Server.Log.PeerResumed(_remote, Transport.RemoteAddress.ToString());
    }

    private void NotResumed(Resumable resumable, Element answer)
    {
        Others.Resumables.Release(resumable, this);
        _resuming = null;
        if (answer.Has("conflict", Ns.StanzaErrors))
        {
            // The peer is about to go on with it.
            Answered();
            Close();
            return;
        }
        if (uint.TryParse(answer.Attribute("h"), out uint handled))
            _peer!.TryAcknowledge(resumable, handled);
        Others.Resumables.Forget(resumable);
        Enable();
    }

    private void Answered()
    {
        _asks = false;
        _patience?.Dispose();
    }

    // When the peer has come to us meanwhile, one stream is enough; but what it counts on this one would come again.
    private void Feed(Action<Peer> begin, Resumable? resumable = null)
    {
        WasReady = true;
        if (!Writer.TryFeed(_peer!, begin, resumable) && !Counting.IsOn)
            Close();
    }

    protected override Task OnEndedAsync()
    {
        _patience?.Dispose();
        if (_resuming is not null)
            Others.Resumables.Release(_resuming, this);
        return Task.CompletedTask;
    }
}
