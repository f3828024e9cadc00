using System.Globalization;
using Xmpp.Xml;

namespace Kith.Tests.Client;

/// <summary>What a client has sent; <paramref name="Key"/> names a message that must arrive, null is for the rest.</summary>
internal sealed record Sent(string Xml, string? Key);

/// <summary>
/// The client's half of XEP-0198: what it has taken, and what it has sent and the server has not acknowledged.
/// </summary>
internal sealed class Management
{
    private readonly Lock _lock = new();
    private readonly Queue<Sent> _unacknowledged = [];
    private uint _acknowledged;
    private uint _taken;

    /// <summary>The resumption id; null when there is nothing to resume.</summary>
    public string? Id { get; private set; }

    /// <summary>True from <c>&lt;enabled/&gt;</c> on.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Stanzas taken since: our <c>h</c>.</summary>
    public uint Taken => Volatile.Read(ref _taken);

    public int Unacknowledged
    {
        get
        {
            lock (_lock)
                return _unacknowledged.Count;
        }
    }

    public void Begin(string? id)
    {
        lock (_lock)
            (Id, IsOn, _acknowledged, _taken) = (id, true, 0, 0);
    }

    /// <summary>A stanza has come and will not be forgotten.</summary>
    public void Take()
    {
        if (IsOn)
            Interlocked.Increment(ref _taken);
    }

    public void Note(Sent sent)
    {
        lock (_lock)
            _unacknowledged.Enqueue(sent);
    }

    /// <summary>The server says how many it has; returns those that it had not said before.</summary>
    public IReadOnlyList<Sent> Acknowledge(Element said)
    {
        uint handled = uint.Parse(said.Attribute("h")!, CultureInfo.InvariantCulture);
        var fresh = new List<Sent>();
        lock (_lock)
        {
            int count = (int)(handled - _acknowledged);
            if (count > _unacknowledged.Count)
                throw new UnexpectedException($"{said} acknowledges {count} of {_unacknowledged.Count}");
            for (; count > 0; count--, _acknowledged++)
                fresh.Add(_unacknowledged.Dequeue());
        }
        return fresh;
    }

    /// <summary>What is to be sent again after a resumption.</summary>
    public IReadOnlyList<Sent> Left()
    {
        lock (_lock)
            return [.. _unacknowledged];
    }

    /// <summary>The session is lost: what it left behind, in order.</summary>
    public IReadOnlyList<Sent> Forget()
    {
        lock (_lock)
        {
            Sent[] left = [.. _unacknowledged];
            _unacknowledged.Clear();
            (Id, IsOn) = (null, false);
            return left;
        }
    }
}
