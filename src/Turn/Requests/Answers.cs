using System.Buffers.Binary;
using Turn.Allocations;
using Turn.Protocol;

namespace Turn.Requests;

/// <summary>
/// A request that is being answered: who it is from, once that is known, and how its answer ends. Whoever has proved nothing
/// gets at most three bytes for each of its own, and not for ever.
/// </summary>
internal readonly ref struct Asked(StunMessage message, Client client, long now)
{
    public StunMessage Message { get; } = message;
    public Client Client => client;
    public long Now => now;

    /// <summary>Null until it is proved.</summary>
    public Identity? Identity { get; private init; }

    /// <summary>The request's HMAC was the longer one, and so is the answer's.</summary>
    public bool Sha256 { get; private init; }

    /// <summary>It came from where it says: it bears our nonce, or has an allocation.</summary>
    public bool IsSeen { get; private init; }

    public Asked Seen() => new(Message, client, now) { IsSeen = true };

    public Asked By(Identity identity, bool sha256) =>
        new(Message, client, now) { Identity = identity, Sha256 = sha256 };
}

/// <summary>What the server says.</summary>
internal sealed class Answers(Authentication authentication, Nonces nonces, Strangers strangers)
{
    /// <summary>security.md, "Relay": what an answer may be of its question, before anything is proved.</summary>
    private const int MostAmplified = 3;
    private const int MostUnknown = 8;

    /// <summary>A success whose attributes are written; its end is, and it goes.</summary>
    public void Send(in Asked asked, ref StunWriter answer)
    {
        if (asked.Identity is { } identity)
            answer.Integrity(identity.Key, asked.Sha256);
        if (asked.Message.Has(StunAttribute.Fingerprint))
            answer.Fingerprint();
        if (asked.Identity is not null || MayTell(asked, answer.Length))
            asked.Client.Send(answer.Written);
    }

    /// <summary>An error without more to say.</summary>
    public void Refuse(in Asked asked, StunError error)
    {
        var answer = Begin(asked, StunClass.Error, stackalloc byte[StunWriter.Longest]);
        answer.Error(error);
        Send(asked, ref answer);
    }

    /// <summary>401 and 438: what it takes to try again (RFC 8489 §9.2.4).</summary>
    public void Challenge(in Asked asked, StunError error)
    {
        var answer = Begin(asked, StunClass.Error, stackalloc byte[StunWriter.Longest]);
        answer.Error(error);
        answer.Bytes(StunAttribute.Realm, authentication.Realm);
        Span<byte> nonce = stackalloc byte[Nonces.Length];
        nonces.Write(nonce, asked.Client.Remote, asked.Client.IsStream);
        answer.Bytes(StunAttribute.Nonce, nonce);
        answer.Bytes(StunAttribute.PasswordAlgorithms, Authentication.Algorithms);
        Send(asked, ref answer);
    }

    /// <summary>420, with those that are not understood (RFC 8489 §6.3.1).</summary>
    public void RefuseUnknown(in Asked asked, ReadOnlySpan<ushort> unknown)
    {
        var answer = Begin(asked, StunClass.Error, stackalloc byte[StunWriter.Longest]);
        answer.Error(StunError.UnknownAttribute);
        Span<byte> types = stackalloc byte[2 * MostUnknown];
        int count = Math.Min(unknown.Length, MostUnknown);
        for (int i = 0; i < count; i++)
            BinaryPrimitives.WriteUInt16BigEndian(types[(2 * i)..], unknown[i]);
        answer.Bytes(StunAttribute.UnknownAttributes, types[..(2 * count)]);
        Send(asked, ref answer);
    }

    public static StunWriter Begin(in Asked asked, StunClass kind, Span<byte> buffer) =>
        new(buffer, asked.Message.Method, kind, asked.Message.TransactionId);

    private bool MayTell(in Asked asked, int length) =>
        length <= MostAmplified * asked.Message.Bytes.Length
        && (asked.Client.IsStream || strangers.MayAnswer(asked.Client.Remote, asked.IsSeen, asked.Now));
}
