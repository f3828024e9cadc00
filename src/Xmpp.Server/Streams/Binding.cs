using System.Security.Cryptography;
using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Streams;

/// <summary>Signed in, not bound: resource binding (RFC 6120 §7) or resumption (XEP-0198 §5).</summary>
internal sealed class Binding(ClientStream stream) : NegotiationState
{
    private XmppServer Server => stream.Server;
    private Account Account => stream.SignIn!.Account;

    public override void WriteFeatures(XmlBuilder features)
    {
        features.Empty("bind", Ns.Bind);
        features.Start("session", Ns.Session).Empty("optional").End();
        WriteBoundFeatures(features, managed: false);
    }

    /// <summary>What may still be asked for once a resource is bound; not stream management when it is on already.</summary>
    internal void WriteBoundFeatures(XmlBuilder features, bool managed)
    {
        if (!managed)
            features.Empty("sm", Ns.StreamManagement);
        foreach (Action<XmlBuilder> write in Server.Dispatcher.Declared.StreamFeatures)
            write(features);
    }

    public override async ValueTask<NegotiationState> OnElementAsync(Element element, CancellationToken cancellation)
    {
        if (element.Is("resume", Ns.StreamManagement))
            return await ResumeAsync(element);
        if (element.Is("enable", Ns.StreamManagement))
        {
            // XEP-0198 §3: once a resource is bound.
            stream.Transport.Write(StreamManagementElements.Failed("unexpected-request"));
            return this;
        }
        if (!Stanza.TryRead(element, out Stanza? stanza, out _))
            throw new StreamErrorException(StreamErrorCondition.UnsupportedStanzaType);
        if (stanza is not { Kind: StanzaKind.Iq, Type: StanzaType.Set })
            throw new StreamErrorException(StreamErrorCondition.NotAuthorized, "bind first");
        Element bind = element.Child("bind", Ns.Bind);
        if (!bind.Exists)
        {
            Answer(stanza.Bounce(StanzaError.NotAllowed("bind first")));
            return this;
        }
        Session? session = await BindAsync(bind.Child("resource").Text);
        if (session is null)
        {
            Answer(stanza.Bounce(StanzaError.BadRequest("not a resource")));
            return this;
        }
        Answer(stanza.Result(new XmlBuilder().Start("bind", Ns.Bind).Element("jid", session.Jid.ToString()).ToArray()));
        return Ready.Now;
    }

    private void Answer(Stanza answer) => stream.Transport.Write(answer.With(null, null), null, default);

    /// <summary>
    /// Binds the resource as it was asked for; an older session with it ends with <c>conflict</c>. Null when it cannot be
    /// one (RFC 7622 §3.4). <paramref name="prepare"/> sees the session before anybody can reach it.
    /// </summary>
    internal async Task<Session?> BindAsync(string wanted, Action<Session>? prepare = null)
    {
        string resource = wanted.Length > 0 ? wanted : Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        if (!Account.Jid.TryWithResource(resource, out Jid? jid))
            return null;
        var session = new Session(Server, Account, jid) { Language = stream.Header.Language };
        await Server.Devices.SeenAsync(session, stream.SignIn!);
        stream.Promised = session.Attach(stream.Transport);
        prepare?.Invoke(session);
        await TakePlaceAsync(session);
        Server.Bound(session, stream.Transport);
        // The account locked, reset or removed, or the device ended, since it began to sign in; looked at once whoever does
        // that can see the session.
        if (!stream.IsCurrent(Account) || !Server.Devices.IsKnown(session))
            throw new StreamErrorException(StreamErrorCondition.NotAuthorized, "sign in again");
        return session;
    }

    private async Task TakePlaceAsync(Session session)
    {
        while (Account.Add(session, Server.Options.SessionsPerAccount) is { } other)
        {
            if (other.Jid == session.Jid)
                await other.KickAsync(StreamErrorCondition.Conflict, "replaced by a new connection");
            else
                await other.KickAsync(StreamErrorCondition.ResourceConstraint, "too many sessions");
            await Task.Yield();
        }
    }

    private async ValueTask<NegotiationState> ResumeAsync(Element resume)
    {
        (Session? session, byte[] answer) = await TryResumeAsync(resume);
        stream.Transport.Write(answer);
        return session is null ? this : Ready.Now;
    }

    /// <summary>The session taken over and <c>&lt;resumed/&gt;</c>; or null and <c>&lt;failed/&gt;</c>.</summary>
    internal async Task<(Session? Session, byte[] Answer)> TryResumeAsync(Element resume)
    {
        (Attachment? attachment, byte[] answer) = await Resuming.TryAsync(stream, Account, resume);
        stream.Promised = attachment;
        return (attachment?.Session, answer);
    }
}
