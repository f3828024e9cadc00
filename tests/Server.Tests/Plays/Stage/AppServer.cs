using System.Xml.Linq;
using Shouldly;
using Xmpp.Server.Extensions;
using Xmpp.Stanzas;

namespace Server.Tests.Plays.Stage;

/// <summary>Somebody's app server at its own domain (XEP-0357 §3): notes what is published and answers what a play says.</summary>
internal sealed class AppServer
{
    public const string Domain = "push.test";
    private readonly Play _play;
    private readonly Queue<XElement> _published = new();

    public AppServer(Play play)
    {
        _play = play;
        Neighbour = new Neighbour(play, Domain) { Answer = Take };
        play.Server.Dispatcher.Services.Add(Neighbour).ShouldBeTrue();
    }

    public Neighbour Neighbour { get; }

    /// <summary>What it refuses publishes with; null: it takes them.</summary>
    public StanzaError? Refusal { get; set; }

    private Reply Take(Stanza iq)
    {
        lock (_published)
            _published.Enqueue(Pattern.Parse(iq.ToString()));
        return Refusal is null ? Reply.Empty : Reply.Error(Refusal);
    }

    /// <summary>Exactly this was published since the last look, and its answer is back.</summary>
    public async Task<XElement> Expect(string pattern)
    {
        await _play.Settle();
        lock (_published)
        {
            XElement? came = _published.Count == 1 ? _published.Dequeue() : null;
            return came?.ShouldMatch(pattern)
                ?? throw new PlayException($"{_published.Count} publishes\n  expected: {pattern}");
        }
    }

    /// <summary>A publish to the node, with this count of messages.</summary>
    public Task<XElement> ExpectPush(int count = 1, string node = "n1") =>
        Expect(
            $"""
            <iq type='set' from='{Play.Domain}' to='{Domain}' id='{"{any}"}'>
              <pubsub xmlns='http://jabber.org/protocol/pubsub'>
                <publish node='{node}'>
                  <item>
                    <notification xmlns='urn:xmpp:push:0'>
                      <x xmlns='jabber:x:data' type='submit'>
                        <field var='FORM_TYPE'><value>urn:xmpp:push:summary</value></field>
                        <field var='message-count'><value>{count}</value></field>
                      </x>
                    </notification>
                  </item>
                </publish>
              </pubsub>
            </iq>
            """
        );

    public async Task ExpectNothing()
    {
        await _play.Settle();
        lock (_published)
            if (_published.TryDequeue(out XElement? came))
                throw new PlayException($"{Domain}: expected nothing\n  came: {came}");
    }
}
