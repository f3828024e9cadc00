using System.Globalization;
using Kith.Tests.Program;
using Xmpp.Xml;

namespace Kith.Tests.Client;

/// <summary>How a device gets what came while it was away for longer than its session lasted.</summary>
internal enum CatchUp
{
    /// <summary>It pages through its archive from the last that it has.</summary>
    Archive,

    /// <summary>It takes what the server sends by itself (XEP-0160).</summary>
    Offline,

    /// <summary>It does not become available at all.</summary>
    None,
}

/// <summary>
/// An app on one device, as a careful author would write it: it resumes where it can, catches up where it cannot, sends
/// again what is not known to have arrived, and nothing else. It outlives its connections.
/// </summary>
internal sealed partial class Device(string domain, string user, string resource)
{
    private readonly HashSet<string> _acknowledged = [];
    private readonly Management _management = new();
    private readonly SemaphoreSlim _order = new(1);
    private List<Sent> _again = [];
    private Wire? _wire;
    private Task _reading = Task.CompletedTask;
    private int _lastKey;
    private int _lastIq;

    public string Account { get; } = $"{user}@{domain}";
    public string Jid { get; } = $"{user}@{domain}/{resource}";
    public CatchUp CatchUp { get; init; } = CatchUp.Archive;
    public bool Carbons { get; init; }

    /// <summary>False: without stream management, as the simplest apps are.</summary>
    public bool Managed { get; init; } = true;

    public Ledger Ledger { get; } = new();
    public Signal Changed { get; } = new();

    /// <summary>Called for each message sent, shown or acknowledged.</summary>
    public Action? Stirred { get; init; }

    /// <summary>The server's answer to the last attempt at a resumption; "no element" when there was none.</summary>
    public Element Resumption { get; private set; }

    public Wire Wire => _wire ?? throw new IOException("not connected");

    /// <summary>Every key that was sent, in order.</summary>
    public List<string> Keys { get; } = [];

    /// <summary>How many <c>&lt;a/&gt;</c> have come.</summary>
    public int Answers { get; private set; }

    public int Unacknowledged => _management.Unacknowledged + _again.Count;

    /// <summary>Signs in, resumes or binds, sends again what was not acknowledged, and catches up.</summary>
    public async Task ConnectAsync(Door door, bool plain = false)
    {
        await _reading;
        Wire wire = await SignIn.ConnectAsync(door, user, KithHome.Password, plain);
        (_wire, StreamError, Resumption) = (wire, null, default);
        try
        {
            if (_management.Id is { } id && await TryResumeAsync(wire, id))
            {
                if (!Ledger.IsCaughtUp)
                    await CatchUpAsync();
                return;
            }
            await BindAsync(wire);
            if (Managed)
                await ManageAsync(wire);
            await SendAgainAsync();
            await CatchUpAsync();
        }
        catch (Exception)
        {
            wire.Dispose();
            throw;
        }
    }

    private async Task<bool> TryResumeAsync(Wire wire, string id)
    {
        await wire.SendAsync($"<resume xmlns='{Ns.StreamManagement}' previd='{id}' h='{_management.Taken}'/>");
        Element answer = await wire.ReadAsync();
        if (!answer.Is("resumed", Ns.StreamManagement) && !answer.Is("failed", Ns.StreamManagement))
            throw new IOException($"no answer to a resumption: {answer}");
        Resumption = answer;
        if (answer.Attribute("h") is not null)
            Note(_management.Acknowledge(answer));
        if (answer.Name == "failed")
        {
            _again = [.. _management.Forget().Where(sent => sent.Key is not null), .. _again];
            return false;
        }
        Read(wire);
        foreach (Sent sent in _management.Left())
            await wire.SendAsync(sent.Xml);
        await SendAgainAsync();
        return true;
    }

    private async Task BindAsync(Wire wire)
    {
        await wire.SendAsync(
            $"<iq type='set' id='bind'><bind xmlns='{Ns.Bind}'><resource>{resource}</resource></bind></iq>"
        );
        Element answer = await wire.ReadAsync();
        if (answer.Child("bind", Ns.Bind).Child("jid").Text != Jid)
            throw answer.Exists ? new UnexpectedException($"not bound: {answer}") : new IOException("not bound");
        Ledger.SessionBegins();
        Read(wire);
    }

    private async Task ManageAsync(Wire wire)
    {
        await wire.SendAsync($"<enable xmlns='{Ns.StreamManagement}' resume='true'/>");
        await WhileOnline(() => _management.IsOn, "stream management");
    }

    private async Task SendAgainAsync()
    {
        while (_again.Count > 0)
        {
            Sent sent = _again[0];
            _again.RemoveAt(0);
            await SendAsync(sent);
        }
    }

    private async Task CatchUpAsync()
    {
        if (CatchUp == CatchUp.None)
            return;
        if (Carbons)
            await AskAsync("set", null, $"<enable xmlns='{Ns.Carbons}'/>");
        await SendAsync(new Sent("<presence/>", null));
        if (CatchUp == CatchUp.Archive)
            await this.WalkAsync(Ledger.Position, Ledger.PageEnded);
        Ledger.CaughtUp();
    }

    /// <summary>Sends words whose text is their own key, and returns it.</summary>
    public async Task<string> SendMessageAsync(string to, bool request = false)
    {
        _ = Wire;
        string key = $"{user}.{resource}-{++_lastKey}";
        Keys.Add(key);
        await SendAsync(
            new Sent(
                $"<message type='chat' to='{to}' id='{key}'><body>{key}</body></message>"
                    + (request ? $"<r xmlns='{Ns.StreamManagement}'/>" : ""),
                key
            )
        );
        return key;
    }

    /// <summary>Sends a stanza; it counts for stream management.</summary>
    public async Task SendAsync(Sent sent)
    {
        await _order.WaitAsync();
        try
        {
            // Noted first: what a connection swallowed as it broke is sent again.
            if (_management.IsOn)
                _management.Note(sent);
            await Wire.SendAsync(sent.Xml);
        }
        finally
        {
            _order.Release();
        }
        if (sent.Key is not null)
            Stirred?.Invoke();
    }

    /// <summary>Sends a request and waits for its answer, whichever it is.</summary>
    public async Task<Element> AskAsync(string type, string? to, string payload)
    {
        string id = (++_lastIq).ToString(CultureInfo.InvariantCulture);
        Task<Element> answer = Expect(id);
        string address = to is null ? "" : $" to='{to}'";
        await SendAsync(new Sent($"<iq type='{type}' id='{id}'{address}>{payload}</iq>", null));
        try
        {
            return await answer.WaitAsync(Signal.Patience);
        }
        catch (TaskCanceledException lost)
        {
            throw new IOException("the connection was lost before the answer", lost);
        }
    }

    /// <summary><c>&lt;r/&gt;</c>, and waits until no more than this many of what was sent is open.</summary>
    public async Task SettleAsync(int open = 0)
    {
        if (Unacknowledged <= open)
            return;
        await RequestAsync();
        await WhileOnline(() => Unacknowledged <= open, "acknowledgements");
    }

    public Task RequestAsync() => Wire.SendAsync($"<r xmlns='{Ns.StreamManagement}'/>");

    /// <summary>Says goodbye and waits for the same: nothing is left to be resumed.</summary>
    public async Task SignOffAsync()
    {
        await SettleAsync();
        await Wire.SendAsync("</stream:stream>");
        await _reading.WaitAsync(Signal.Patience);
        if (!Closed)
            throw new IOException("cut while signing off");
        _management.Forget();
        _wire!.Dispose();
    }

    /// <summary>Loses its connection, as phones do.</summary>
    public async Task CutAsync()
    {
        _wire?.Cut();
        await _reading;
    }

    /// <summary>Until the condition holds; throws when the connection is lost before.</summary>
    public async Task WhileOnline(Func<bool> condition, string what)
    {
        await Changed.WaitAsync(
            () => !IsOnline || condition(),
            () => $"{Jid} waits for {what}; {Unacknowledged} unacknowledged, {Ledger.Count} shown"
        );
        if (!condition())
            throw new IOException("the connection was lost");
    }
}
