using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Xmpp.Server.Sessions;

/// <summary>Sessions by the hash of their resumption id: the id itself is its bearer's alone.</summary>
internal sealed class Resumptions
{
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    public void Add(Session session) => _sessions[Key(session.TokenHash.Span)] = session;

    public void Remove(Session session)
    {
        if (session.IsResumable)
            _sessions.TryRemove(Key(session.TokenHash.Span), out _);
    }

    public Session? Find(string id) => _sessions.GetValueOrDefault(Key(Hash(id)));

    public static byte[] Hash(string id) => SHA256.HashData(Encoding.UTF8.GetBytes(id));

    private static string Key(ReadOnlySpan<byte> hash) => Convert.ToBase64String(hash);
}
