using System.Xml.Linq;
using Xmpp.Xml;

namespace Server.Tests.Plays.Stage;

/// <summary>One line between an actor and the server, read all the time unless the actor stops listening.</summary>
internal sealed class Connection(Line line, Wire wire, Task served)
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _listening = new(1);
    private Task _pump = Task.CompletedTask;

    public Wire Wire => wire;

    /// <summary>Completes when the server has done with the line.</summary>
    public Task Served => served;

    /// <summary>Brings what comes into the inbox.</summary>
    public void Start(Inbox inbox, Management management)
    {
        inbox.Begin();
        _pump = Task.Run(() => PumpAsync(inbox, management));
    }

    private async Task PumpAsync(Inbox inbox, Management management)
    {
        try
        {
            while (await wire.ReadAsync(_stop.Token) is { } element)
            {
                await _listening.WaitAsync(_stop.Token);
                _listening.Release();
                management.Count(element);
                inbox.Add(element);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The line is no more, which the inbox tells.
        }
        inbox.End();
    }

    /// <summary>A client that takes nothing more: what it has read is not counted, and the line fills up.</summary>
    public Task StopListening() => _listening.WaitAsync();

    public void ListenAgain() => _listening.Release();

    public async Task CutAsync()
    {
        line.Cut();
        await _stop.CancelAsync();
        await _pump;
    }
}

/// <summary>The client's half of XEP-0198.</summary>
internal sealed class Management
{
    private uint _handled;

    public bool IsOn { get; private set; }

    /// <summary>The resumption id; null when the server gave none.</summary>
    public string? Id { get; private set; }

    /// <summary>Stanzas that have come since it was enabled.</summary>
    public uint Handled => Volatile.Read(ref _handled);

    public void Begin(string? id) => (IsOn, Id, _handled) = (true, id, 0);

    internal void Count(XElement element)
    {
        // Counting begins with the element itself: whatever follows it may already be on its way. In SASL2 it is inside.
        XElement? enabled = element.DescendantsAndSelf(XName.Get("enabled", Ns.StreamManagement)).FirstOrDefault();
        if (enabled is not null)
            Begin(enabled.Attribute("id")?.Value);
        else if (IsOn && element.Name.NamespaceName == Ns.Client)
            Interlocked.Increment(ref _handled);
    }
}
