using System.Collections.Concurrent;
using Xmpp.Xml;

namespace Kith.Tests.Client;

// The half that listens.
internal sealed partial class Device
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Element>> _asked = [];
    private readonly ConcurrentQueue<Element> _errors = [];
    private readonly ConcurrentQueue<string> _faults = [];
    private volatile bool _online;
    private volatile ArchiveWalk? _walk;

    public bool IsOnline => _online;

    /// <summary>The server has shown it its own presence.</summary>
    public bool IsAvailable { get; private set; }

    /// <summary>The server ended the stream in order.</summary>
    public bool Closed { get; private set; }

    /// <summary>The condition of the stream error that ended the last connection, if one did.</summary>
    public string? StreamError { get; private set; }

    /// <summary>How the last connection was lost.</summary>
    public string How { get; private set; } = "";

    /// <summary>Messages that came back as errors.</summary>
    public IEnumerable<Element> Errors => _errors;

    /// <summary>What this device was told and must not have been.</summary>
    public IEnumerable<string> Faults => [.. _faults, .. Ledger.Faults];

    /// <summary>Ends with the connection.</summary>
    public Task Ended => _reading;

    public bool HasAcknowledged(string key)
    {
        lock (_acknowledged)
            return _acknowledged.Contains(key);
    }

    internal void Collect(ArchiveWalk? walk) => _walk = walk;

    private void Read(Wire wire)
    {
        (_online, Closed, IsAvailable) = (true, false, false);
        _reading = Task.Run(() => ReadAsync(wire));
    }

    private async Task ReadAsync(Wire wire)
    {
        try
        {
            while (await wire.ReadAsync() is { Exists: true } element)
            {
                await TakeAsync(wire, element);
                Changed.Changed();
            }
            Closed = true;
        }
        catch (IOException lost)
        {
            How = lost.Message;
        }
        catch (Exception fault) when (fault is UnexpectedException or StreamErrorException or FormatException)
        {
            _faults.Enqueue($"{Jid}: {fault.Message}");
            wire.Dispose();
        }
        _online = false;
        foreach (TaskCompletionSource<Element> open in _asked.Values)
            open.TrySetCanceled();
        _asked.Clear();
        Changed.Changed();
    }

    private async Task TakeAsync(Wire wire, Element element)
    {
        switch (element.Namespace)
        {
            case Ns.Client:
                TakeStanza(element);
                // Counted once it is in the books, with nothing in between.
                _management.Take();
                break;
            case Ns.StreamManagement when element.Name == "r":
                await wire.SendAsync($"<a xmlns='{Ns.StreamManagement}' h='{_management.Taken}'/>");
                break;
            case Ns.StreamManagement when element.Name == "a":
                Answers++;
                Note(_management.Acknowledge(element));
                break;
            case Ns.StreamManagement when element.Name == "enabled":
                _management.Begin(element.Attribute("id"));
                break;
            case Ns.Streams when element.Name == "error":
                StreamError = element.FirstChild.Name;
                break;
            default:
                throw new UnexpectedException($"not asked for: {element}");
        }
    }

    private void TakeStanza(Element stanza)
    {
        if (stanza.Name == "iq")
            Answered(stanza);
        else if (stanza.Name == "presence" && stanza.Attribute("from") == Jid)
            BecameAvailable();
        else if (stanza.Name == "message" && stanza.Attribute("type") == "error")
            _errors.Enqueue(stanza);
        else if (stanza.Name == "message" && Seen.Read(stanza, Account) is { } seen)
        {
            Ledger.Show(seen);
            if (seen.Way == Way.Archive)
                _walk?.Add(seen);
            else
                Stirred?.Invoke();
        }
    }

    private void BecameAvailable()
    {
        IsAvailable = true;
        Ledger.BecameAvailable();
    }

    private Task<Element> Expect(string id)
    {
        var asked = new TaskCompletionSource<Element>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = asked;
        if (!_online)
            asked.TrySetCanceled();
        return asked.Task;
    }

    private void Answered(Element iq)
    {
        if (iq.Attribute("type") is not ("result" or "error"))
            throw new UnexpectedException($"nobody asks this device anything: {iq}");
        if (_asked.TryRemove(iq.Attribute("id") ?? "", out TaskCompletionSource<Element>? asked))
            asked.TrySetResult(iq);
    }

    private void Note(IReadOnlyList<Sent> acknowledged)
    {
        lock (_acknowledged)
            _acknowledged.UnionWith(acknowledged.Select(sent => sent.Key).OfType<string>());
        if (acknowledged.Count > 0)
            Stirred?.Invoke();
    }
}
