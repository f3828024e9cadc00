using Server.Tests.Plays.Stage;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0359, and whatever else only the server may say (security.md, "Identity").</summary>
public sealed class StanzaIdPlays
{
    [Theory, Framings]
    public async Task What_only_the_server_says_is_taken_out_of_what_others_send(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");

        await romeo.Send(
            $"""
            <message to='{juliet.Bare}' type='chat' id='m1'>
              <stanza-id xmlns='{Ns.StanzaId}' by='{juliet.Bare}' id='forged'/>
              <stanza-id xmlns='{Ns.StanzaId}' by='kith.test' id='forged'/>
              <stanza-id xmlns='{Ns.StanzaId}' id='forged'/>
              <delay xmlns='urn:xmpp:delay' from='kith.test' stamp='1999-01-01T00:00:00Z'/>
              <delay xmlns='urn:xmpp:delay' stamp='1999-01-01T00:00:00Z'/>
              <x xmlns='jabber:x:delay' stamp='19990101T00:00:00'/>
              <occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/>
              <body>x</body>
              <stanza-id xmlns='{Ns.StanzaId}' by='room@away.example' id='theirs'/>
              <origin-id xmlns='{Ns.StanzaId}' id='mine'/>
            </message>
            """
        );

        await juliet.Expect(
            $"""
            <message from='{romeo.Jid}' to='{juliet.Bare}' type='chat' id='m1'>
              <body>x</body>
              <stanza-id xmlns='{Ns.StanzaId}' by='room@away.example' id='theirs'/>
              <origin-id xmlns='{Ns.StanzaId}' id='mine'/>
              <stanza-id xmlns='{Ns.StanzaId}' by='{juliet.Bare}' id='{"{any}"}'/>
            </message>
            """,
            strict: true
        );
        await romeo.Ask("<iq type='set'><query xmlns='urn:xmpp:mam:2'/></iq>", "<iq type='result'/>");
        romeo
            .TakeAll("result", Ns.Archive)
            .Single()
            .Without("occupant-id", "urn:xmpp:occupant-id:0")
            .Find("message")
            .ShouldMatch(
                $"""
                <message from='{romeo.Jid}' to='{juliet.Bare}' type='chat' id='m1'>
                  <body>x</body>
                  <stanza-id xmlns='{Ns.StanzaId}' by='room@away.example' id='theirs'/>
                  <origin-id xmlns='{Ns.StanzaId}' id='mine'/>
                </message>
                """,
                strict: true
            );
    }

    // §5: who is not archived is told no id.
    [Theory, Framings]
    public async Task Only_what_is_archived_has_an_id(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        foreach (
            string inside in (string[])
                [
                    "<body>x</body><no-store xmlns='urn:xmpp:hints'/>",
                    "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
                ]
        )
        {
            await romeo.Send($"<message to='{juliet.Bare}' type='chat' id='m1'>{inside}</message>");
            (await juliet.Expect("<message id='m1'/>")).Without("stanza-id", Ns.StanzaId);
        }
    }
}
