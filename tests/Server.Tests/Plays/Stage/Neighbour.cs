using System.Threading.Channels;
using System.Xml.Linq;
using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Routing;
using Xmpp.Stanzas;

namespace Server.Tests.Plays.Stage;

/// <summary>A service at a domain that is not the household's: notes what it gets, in order, and sends what a play says.</summary>
internal sealed class Neighbour(Play play, string domain) : Service
{
    private readonly Channel<Stanza> _got = Channel.CreateUnbounded<Stanza>();

    public override Jid Address { get; } = Jid.Parse(domain);

    /// <summary>What it does with a message instead of noting it.</summary>
    public Action<Origin, Stanza>? OnMessage { get; set; }

    /// <summary>What it answers to requests; service-unavailable without it.</summary>
    public Func<Stanza, Reply>? Answer { get; set; }

    public override void TakeMessage(Origin origin, Stanza message)
    {
        if (OnMessage is not null)
            OnMessage(origin, message);
        else
            Note(origin, message);
    }

    public override void TakePresence(Origin origin, Stanza presence) => Note(origin, presence);

    public override ValueTask TakeIqAsync(Origin origin, Stanza iq, CancellationToken cancellation)
    {
        if (iq.Type is not (StanzaType.Get or StanzaType.Set))
            Note(origin, iq);
        else
            origin.Answer(iq, Answer?.Invoke(iq) ?? Reply.Error(StanzaError.ServiceUnavailable()));
        return ValueTask.CompletedTask;
    }

    /// <summary>In the common order.</summary>
    public void Note(Origin origin, Stanza stanza) =>
        origin.Perform(stanza, Effect.InOrder(() => _got.Writer.TryWrite(stanza)));

    /// <summary>A stanza from here, as a stream from another server would bring it.</summary>
    public async Task Send(string xml)
    {
        XElement element = Pattern.Parse(xml);
        Stanza.TryRead(Xmpp.Xml.XmlFragment.Parse(element.ToString()).Root, out Stanza? stanza, out _);
        Origin origin = Origin.Elsewhere(play.Server, stanza!.From!);
        await play.Server.Dispatcher.TakeAsync(origin, stanza, CancellationToken.None);
    }

    /// <summary>The next that it gets must be this.</summary>
    public async Task Expect(string pattern)
    {
        Stanza stanza;
        try
        {
            stanza = await _got.Reader.ReadAsync().AsTask().WaitAsync(Actor.Patience);
        }
        catch (TimeoutException)
        {
            throw new PlayException($"{domain}: nothing came\n  expected: {pattern}");
        }
        Pattern.Parse(stanza.ToString()).ShouldMatch(pattern);
    }

    public async Task ExpectNothing()
    {
        await play.Settle();
        if (_got.Reader.TryRead(out Stanza? stanza))
            throw new PlayException($"{domain}: expected nothing\n  came: {stanza}");
    }
}
