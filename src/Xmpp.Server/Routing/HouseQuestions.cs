using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Xmpp.Addresses;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>
/// IQs that the house itself sends to services and other servers, with what follows the answer. An answer counts only from
/// whom it was asked of (security.md, "Identity"), and for some minutes.
/// </summary>
internal sealed class HouseQuestions(XmppServer server)
{
    private const int MostOpen = 10_000;

    /// <summary>From so many on, those too old are looked for.</summary>
    private const int Many = 100;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, Question> _open = new(StringComparer.Ordinal);

    private sealed record Question(Jid From, Jid To, long Asked, Action<Stanza> Answered);

    /// <summary>
    /// Asks; <paramref name="answered"/> gets the result or error, if one comes, on the writer's thread and in the common
    /// order.
    /// </summary>
    public void Ask(Jid to, StanzaType type, ReadOnlyMemory<byte> payload, Action<Stanza> answered) =>
        Ask(server.Address, to, type, payload, answered);

    /// <summary>The same in the name of an account, by its bare address.</summary>
    public void Ask(Jid from, Jid to, StanzaType type, ReadOnlyMemory<byte> payload, Action<Stanza> answered)
    {
        if (_open.Count >= Many)
            ForgetOld();
        if (_open.Count >= MostOpen)
            return;
        string id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12));
        _open[id] = new Question(from, to, server.Time.GetTimestamp(), answered);
        server.Dispatcher.Send(
            new Stanza
            {
                Kind = StanzaKind.Iq,
                Type = type,
                Id = id,
                From = from,
                To = to,
                Payload = payload,
            }
        );
    }

    // Too old, it is as if it had never been asked, whether anybody has looked for it or not.
    private bool TryFind(string? id, [NotNullWhen(true)] out Question? question)
    {
        question = id is null ? null : _open.GetValueOrDefault(id);
        if (question is not null && IsOld(question))
            question = null;
        return question is not null;
    }

    private bool IsOld(Question question) => server.Time.GetElapsedTime(question.Asked) > _patience;

    /// <summary>True for a question that waits for its answer.</summary>
    public bool IsQuestion(Stanza iq) =>
        iq.Kind == StanzaKind.Iq
        && iq.From == server.Address
        && TryFind(iq.Id, out Question? question)
        && question.To == iq.To;

    /// <summary>True for an answer that is waited for.</summary>
    public bool IsAnswer(Stanza iq) =>
        iq is { Kind: StanzaKind.Iq, Type: StanzaType.Result or StanzaType.Error }
        && iq.To == server.Address
        && TryFind(iq.Id, out Question? question)
        && question.To == iq.From;

    /// <summary>True while the house itself has asked somebody at the domain who has not answered.</summary>
    public bool AreOpenAt(string domain) =>
        !_open.IsEmpty
        && _open.Values.Any(question =>
            question.To.Domain == domain && question.From == server.Address && !IsOld(question)
        );

    private void ForgetOld()
    {
        foreach (var (id, question) in _open)
            if (IsOld(question))
                _open.TryRemove(id, out _);
    }

    /// <summary>What a result or error to the house or an account does; nothing when it was not asked, or not there.</summary>
    public Effect Answer(Stanza iq)
    {
        bool asked =
            TryFind(iq.Id, out Question? question)
            && question.To == iq.From
            && question.From == iq.To
            && _open.TryRemove(iq.Id!, out _);
        return asked ? Effect.InOrder(() => question!.Answered(iq)) : Effect.None;
    }
}
