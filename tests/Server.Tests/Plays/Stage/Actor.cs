using System.Xml.Linq;
using Xmpp.Xml;

namespace Server.Tests.Plays.Stage;

/// <summary>
/// A client in a play. What it gets is expected in the order in which it came; requests of stream management, and
/// presence unless the play is about it (<see cref="SeesPresence"/>), are passed over.
/// </summary>
internal sealed class Actor(Play play, string name, string resource) : IAsyncDisposable
{
    /// <summary>Real time after which a play is stuck.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static int _ids;
    private readonly Inbox _inbox = new();
    private readonly List<XElement> _aside = [];

    public string Name => name;
    public string Resource => resource;

    /// <summary>Its home's.</summary>
    public string Domain => play.Options.Domain;
    public string Bare => $"{name}@{Domain}";
    public string Jid => $"{Bare}/{resource}";

    /// <summary>The connection of now.</summary>
    public Connection Connection { get; private set; } = null!;

    /// <summary>Presence is not passed over.</summary>
    public bool SeesPresence { get; set; }

    /// <summary>The last stream features.</summary>
    public XElement Features { get; internal set; } = null!;

    public Management Management { get; } = new();

    /// <summary>Takes a connection, whose elements now come into this actor's inbox.</summary>
    internal void Attach(Connection connection)
    {
        Connection = connection;
        connection.Start(_inbox, Management);
    }

    // ---- saying ----

    /// <summary>Sends a stanza or other element; in framings where it must, it is given its namespace.</summary>
    public Task Send(string xml) => Connection.Wire.SendAsync(xml);

    /// <summary>Sends an IQ (with an id if it has none) and returns its answer, whatever else comes before it.</summary>
    public async Task<XElement> Ask(string iq)
    {
        string? id = Pattern.Parse(iq).Attribute("id")?.Value;
        if (id is null)
            iq = iq.Insert("<iq".Length, $" id='{id = NextId()}'");
        await Send(iq);
        return await _inbox.TakeAsync(element =>
            element.Name.LocalName == "iq"
            && element.Attribute("id")?.Value == id
            && element.Attribute("type")?.Value is "result" or "error"
        );
    }

    /// <summary>Sends an IQ and expects this answer.</summary>
    public async Task<XElement> Ask(string iq, string answer) => (await Ask(iq)).ShouldMatch(answer);

    /// <summary>The server has read all that was sent before, and what it did at once has come back.</summary>
    public async Task Ping() =>
        (await Ask($"<iq type='get' to='{Domain}'><ping xmlns='urn:xmpp:ping'/></iq>")).ShouldMatch(
            "<iq type='result'/>"
        );

    public static string NextId() => $"q{Interlocked.Increment(ref _ids)}";

    // ---- hearing ----

    /// <summary>The next thing that comes must be this.</summary>
    public async Task<XElement> Expect(string pattern, bool strict = false)
    {
        XElement expected = Pattern.Parse(pattern);
        XElement came = await Next(expected.Name, pattern);
        if (Pattern.Mismatch(expected, came, strict) is { } wrong)
            throw new PlayException($"{Jid}: {wrong}\n  expected: {pattern}\n  came:     {came}");
        return came;
    }

    /// <summary>This comes, whatever else comes before it and stays to be expected.</summary>
    public Task<XElement> Await(string pattern)
    {
        XElement expected = Pattern.Parse(pattern);
        return _inbox.TakeAsync(element => Pattern.Mismatch(expected, element) is null);
    }

    /// <summary>These come next, in any order.</summary>
    public async Task ExpectAll(params string[] patterns)
    {
        List<string> left = [.. patterns];
        while (left.Count > 0)
        {
            XElement came = await Next(Pattern.Parse(left[0]).Name, left[0]);
            int found = left.FindIndex(pattern => Pattern.Mismatch(Pattern.Parse(pattern), came) is null);
            if (found < 0)
                throw new PlayException($"{Jid}: none of\n  {string.Join("\n  ", left)}\n  came:     {came}");
            left.RemoveAt(found);
        }
    }

    /// <summary>Whatever comes next.</summary>
    public Task<XElement> Next() => Next(null, "anything");

    private async Task<XElement> Next(XName? wanted, string pattern)
    {
        try
        {
            return await _inbox.TakeAsync(element => element.Name == wanted || !IsPassedOver(element), inOrder: true);
        }
        catch (TimeoutException)
        {
            throw new PlayException($"{Jid}: nothing came\n  expected: {pattern}");
        }
    }

    /// <summary>The stream ends, after an error if one is given.</summary>
    public async Task ExpectEnd(string? error = null)
    {
        if (error is not null)
            await Expect($"<stream:error><{error} xmlns='{Ns.StreamErrors}'/></stream:error>");
        XElement? extra = await _inbox.TakeUntilEndAsync(IsPassedOver);
        IsBound = false;
        if (extra is not null)
            throw new PlayException($"{Jid}: should have ended\n  came: {extra}");
    }

    /// <summary>What has come and was not expected yet.</summary>
    public IReadOnlyList<XElement> Unexpected() => _inbox.Peek(element => !IsPassedOver(element));

    /// <summary>Takes out of what has come the messages with such a child, in order.</summary>
    public IReadOnlyList<XElement> TakeAll(string name, string ns) =>
        _inbox.TakeAll(element => element.Element(XName.Get(name, ns)) is not null);

    /// <summary>Forgets what has come so far.</summary>
    public void Forget() => _inbox.Clear();

    private bool IsPassedOver(XElement element) =>
        element.Name.NamespaceName == Ns.StreamManagement && element.Name.LocalName is "r" or "a"
        || (!SeesPresence && element.Name == XName.Get("presence", Ns.Client));

    // ---- coming and going ----

    /// <summary>Has a session on a line that it listens to.</summary>
    public bool IsBound { get; internal set; }

    /// <summary>The cable is pulled; returns once the server has noticed.</summary>
    public async Task Cut()
    {
        IsBound = false;
        await Connection.CutAsync();
        await Connection.Served.WaitAsync(Patience);
    }

    /// <summary>Takes nothing more until it listens again; what the server sends meanwhile fills the line.</summary>
    public Task StopListening()
    {
        IsBound = false;
        return Connection.StopListening();
    }

    public void ListenAgain()
    {
        IsBound = true;
        Connection.ListenAgain();
    }

    /// <summary>Leaves in order; returns once the server has ended the session.</summary>
    public async Task Leave()
    {
        IsBound = false;
        await Connection.Wire.CloseAsync();
        await Connection.Served.WaitAsync(Patience);
        await Connection.CutAsync();
    }

    /// <summary>What an old line brought waits until the new one has a session.</summary>
    internal void SetAside() => _aside.AddRange(_inbox.TakeAll(static _ => true));

    internal void TakeBack()
    {
        _inbox.Prepend(_aside);
        _aside.Clear();
    }

    /// <summary>Signs in on a new line and binds the resource anew.</summary>
    public async Task Return()
    {
        await play.Redial(this);
        await SignIn.BindAsync(this);
        TakeBack();
    }

    /// <summary>Signs in on a new line and takes its session up again (XEP-0198 §5).</summary>
    public async Task<XElement> Resume()
    {
        await play.Redial(this);
        XElement resumed = await SignIn.ResumeAsync(this);
        resumed.ShouldMatch($"<resumed xmlns='{Ns.StreamManagement}' previd='{Management.Id}'/>");
        IsBound = true;
        TakeBack();
        return resumed;
    }

    /// <summary>Says how much has come (XEP-0198 §4).</summary>
    public Task Acknowledge() => Send($"<a xmlns='{Ns.StreamManagement}' h='{Management.Handled}'/>");

    public async ValueTask DisposeAsync() => await Cut();
}
