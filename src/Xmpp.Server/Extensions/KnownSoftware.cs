using System.Collections.Concurrent;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>What kinds of clients can do, by the verification string of XEP-0115 §5: asked once, and kept for all that run one.</summary>
internal sealed class KnownSoftware
{
    /// <summary>One household, with its friends, has a handful.</summary>
    private const int Most = 1000;
    private readonly ConcurrentDictionary<string, ClientSoftware> _known = new(StringComparer.Ordinal);

    public ClientSoftware? Find(string ver) => _known.GetValueOrDefault(ver);

    /// <summary>§5.4: what does not hash to the verification string is worth nothing, and null.</summary>
    public ClientSoftware? Learn(string ver, Stanza answer)
    {
        DiscoInfo? info = DiscoInfo.Read(answer.Child("query", Ns.DiscoInfo));
        if (answer.Type != StanzaType.Result || info is null || VerificationString.Of(info) != ver)
            return null;
        if (_known.Count >= Most)
            _known.Clear();
        return _known.GetOrAdd(ver, _ => new ClientSoftware(info));
    }
}
