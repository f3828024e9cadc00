using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Xmpp.Addresses;
using Xmpp.Xml;

namespace Xmpp.Server.Streams.Bosh;

/// <summary>
/// The HTTP side of BOSH (XEP-0124, XEP-0206): give it the bodies of requests, and it gives the bodies of responses,
/// perhaps much later. Script syntax and multiple streams are not offered.
/// </summary>
public sealed class BoshService(XmppServer server)
{
    private readonly ConcurrentDictionary<string, BoshSession> _sessions = new(StringComparer.Ordinal);

    /// <summary>A request's body may be no longer.</summary>
    public int MostBytes => server.Options.StanzaBytes + BoshTerms.Wrapper;

    /// <summary>Sessions that stand.</summary>
    public int Count => _sessions.Count;

    /// <summary>Answers one request. When the client goes away meanwhile, the answer is kept for it to ask again.</summary>
    /// <param name="secure">The request came over TLS, here or at a trusted proxy.</param>
    public async Task<BoshResponse> HandleAsync(
        ReadOnlyMemory<byte> body,
        IPAddress remote,
        bool secure,
        CancellationToken cancellation
    )
    {
        var limits = new XmlLimits { Bytes = MostBytes };
        if (!BoshRequest.TryRead(body.Span, limits, out BoshRequest? request))
            return Terminate("bad-request");
        if (request.Sid is null)
            return await BeginAsync(request, remote, secure, cancellation);
        if (!_sessions.TryGetValue(Key(request.Sid), out BoshSession? session))
            return Terminate("item-not-found");
        // §18.1: what began over TLS goes on over TLS; ending it would be a way to harm it.
        if (session.Terms.IsSecure && !secure)
            return new BoshResponse(403, BoshResponse.Standard, []);
        byte[] answer = await session.HandleAsync(request).WaitAsync(cancellation);
        return BoshResponse.Of(answer, session.Terms.ContentType);
    }

    private async Task<BoshResponse> BeginAsync(
        BoshRequest request,
        IPAddress remote,
        bool secure,
        CancellationToken cancellation
    )
    {
        if (request.Size > server.Options.UnauthenticatedStanzaBytes + BoshTerms.Wrapper)
            return Terminate("policy-violation");
        string? to = request.Body.Attribute("to");
        if (string.IsNullOrEmpty(to))
            return Terminate("improper-addressing");
        if (!Jid.TryParse(to, out Jid? domain) || domain.ToString() != server.Options.Domain)
            return Terminate("host-unknown");
        BoshTerms terms = BoshTerms.Agree(request, remote, secure);
        string key = Key(terms.Sid);
        var session = new BoshSession(terms, request, server.Time, () => _sessions.TryRemove(key, out _));
        _sessions[key] = session;
        session.Serve(server);
        byte[] answer = await session.HandleAsync(request).WaitAsync(cancellation);
        return BoshResponse.Of(answer, terms.ContentType);
    }

    // Found by a hash, so that the time it takes tells nothing about the ids that exist.
    private static string Key(string sid) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(sid)));

    private static BoshResponse Terminate(string condition) => BoshResponse.Of(BoshResponse.Terminate(condition));
}
