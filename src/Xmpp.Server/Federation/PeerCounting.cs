using System.Security.Cryptography;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Federation;

/// <summary>
/// What both sides of a stream tell each other of the stanzas that they have taken (XEP-0198), and how they go on after a cut
/// (§5). The side that began asks for it; both count from then on.
/// </summary>
internal sealed class PeerCounting(PeerStream stream, PeerWriter writer, OtherServers others)
{
    private uint _handled;
    private bool _counts;
    private int _acknowledging;
    private Resumable? _resumable;

    private XmppServer Server => others.Server;

    /// <summary>Acknowledgements that wait for the disk.</summary>
    public int Waiting => Volatile.Read(ref _acknowledging);

    /// <summary>Both sides count.</summary>
    public bool IsOn => Volatile.Read(ref _counts);

    /// <summary>A stanza of the peer was taken.</summary>
    public void Count()
    {
        _handled++;
        if (_resumable is not null)
            _resumable.Handled = _handled;
    }

    /// <summary>What the peer sends is counted from now on.</summary>
    public void Begin(Resumable? resumable)
    {
        (_resumable, _handled) = (resumable, resumable?.Handled ?? 0);
        Volatile.Write(ref _counts, true);
    }

    /// <summary>The stream is over.</summary>
    /// <param name="wasCut">Neither side has said that it is.</param>
    public void End(bool wasCut)
    {
        if (_resumable is not null)
            others.Resumables.Ended(_resumable, mayResume: wasCut);
    }

    /// <exception cref="StreamErrorException">It has no business here.</exception>
    public ValueTask TakeAsync(Element element)
    {
        switch (element.Name)
        {
            case "r" when _counts:
                Interlocked.Increment(ref _acknowledging);
                Server.Stores.Database.Enqueue(new Acknowledgement(this, _handled));
                break;
            case "a" when _counts && uint.TryParse(element.Attribute("h"), out uint handled):
                if (writer.Feed?.Acknowledge(handled) is { } sent)
                    throw TooHigh(handled, sent);
                break;
            case "enable":
                Enable(wantsToResume: element.Attribute("resume") is "true" or "1");
                break;
            case "resume":
                return ResumeAsync(element);
            case "enabled" or "resumed" or "failed" when stream.TryTakeAnswer(element):
                break;
            default:
                throw new StreamErrorException(StreamErrorCondition.UnsupportedStanzaType, element.Name);
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>More is acknowledged than was sent (§6).</summary>
    public static StreamErrorException TooHigh(uint handled, uint sent) =>
        new(StreamErrorCondition.UndefinedCondition) { Extra = StreamManagement.TooHigh(handled, sent) };

    // §3.
    private void Enable(bool wantsToResume)
    {
        if (!stream.HasProvedAny || _counts)
        {
            Say(Failed("unexpected-request"));
            return;
        }
        bool mayResume = wantsToResume && !writer.HasFedUncounted && stream.Pair is not null;
        Resumable? resumable = mayResume ? Name(RandomNumberGenerator.GetHexString(32, lowercase: true)) : null;
        Begin(resumable);
        XmlBuilder enabled = new XmlBuilder(around: "").Start("enabled", Ns.StreamManagement);
        if (resumable is not null)
            enabled
                .Attribute("resume", "true")
                .Attribute("id", resumable.Id)
                .Attribute("max", $"{others.Options.ResumeTime.TotalSeconds:0}");
        writer.BeginCounting(enabled.ToArray(), resumable);
    }

    /// <summary>The stream may be gone on with by this name.</summary>
    public Resumable? Name(string id) =>
        stream.Pair is var (local, remote) ? others.Resumables.Begin(local, remote, id, stream) : null;

    // ---- going on with a stream that was cut (§5) ----

    private async ValueTask ResumeAsync(Element resume)
    {
        bool isNamed = resume.Attribute("previd") is { Length: > 0 };
        bool mayResume = !_counts && !writer.HasFedUncounted && stream is IncomingStream && stream.Pair is not null;
        if (!isNamed || !mayResume || !uint.TryParse(resume.Attribute("h"), out uint handled))
        {
            Say(Failed("unexpected-request"));
            return;
        }
        (string local, string remote) = stream.Pair!.Value;
        var name = (local, remote, resume.Attribute("previd")!);
        Resumable? resumable = others.Resumables.Claim(name, (IncomingStream)stream, out bool isLost);
        if (resumable is null || isLost)
        {
            Say(Failed(isLost ? "conflict" : "item-not-found"));
            return;
        }
        try
        {
            await GoOnAsync(resumable, handled);
        }
        finally
        {
            others.Resumables.Release(resumable, stream);
            if (resumable.Stream is null)
                others.Wake(local, remote);
        }
    }

    private async ValueTask GoOnAsync(Resumable resumable, uint handled)
    {
        // The peer has noticed the cut before us.
        if (resumable.Stream is { } old)
            await old.CutAsync();
        // Life 2: what it is told to be taken is on disk.
        await Server.Stores.Database.SettledAsync();
        if (!others.Resumables.TryTake(resumable, stream))
        {
            Say(Failed("conflict"));
            return;
        }
        Begin(resumable);
        (string local, string remote, _) = resumable.Name;
        byte[] resumed = new XmlBuilder(around: "")
            .Start("resumed", Ns.StreamManagement)
            .Attribute("previd", resumable.Id)
            .Attribute("h", _handled)
            .ToArray();
        if (!writer.TryResume(others.PeerOf(local, remote), resumable, handled, resumed, stream.MayFeed))
            throw new StreamErrorException(
                StreamErrorCondition.UndefinedCondition,
                "more is acknowledged than was sent"
            );
        Server.Log.PeerResumed(remote, stream.Transport.RemoteAddress.ToString());
    }

    private static byte[] Failed(string condition) =>
        new XmlBuilder(around: "").Start("failed", Ns.StreamManagement).Empty(condition, Ns.StanzaErrors).ToArray();

    private void Say(byte[] element) => writer.Say(transport => transport.Write(element));

    // Life 2: what is acknowledged is on disk.
    private sealed class Acknowledgement(PeerCounting counting, uint handled) : Commit
    {
        public override bool Writes => false;

        public override void Released()
        {
            Interlocked.Decrement(ref counting._acknowledging);
            counting.Say(handled);
        }

        public override void Failed(Exception failure)
        {
            Interlocked.Decrement(ref counting._acknowledging);
            counting.Wake();
        }
    }

    private void Say(uint handled) =>
        writer.Say(transport => StreamManagement.WriteAcknowledgement(transport, handled));

    private void Wake() => writer.Wake();
}
