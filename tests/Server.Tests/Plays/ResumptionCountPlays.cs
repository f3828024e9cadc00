using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>What a client that comes back hears of what it had sent (XEP-0198 §5): it sends the rest again.</summary>
public sealed class ResumptionCountPlays
{
    private const string Message = "<message to='juliet@kith.test' type='chat' id='{0}'><body>once</body></message>";

    // Life 9. The cut comes after the messages were read and before they are on disk.
    [Theory, Framings]
    public async Task A_resumption_counts_what_was_read_and_is_still_being_written(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("juliet");
        Actor romeo = await play.Connect("romeo", "phone", managed: true);
        play.Disk.Hold();
        await romeo.Send(string.Format(null, Message, "m1"));
        await romeo.Send(string.Format(null, Message, "m2"));
        await play.Disk.Holds(2);
        await romeo.Cut();

        Task<XElement> resuming = romeo.Resume();
        await play.Disk.Holds(3);
        play.Disk.Continue();

        // Presence, a ping, and the two.
        (await resuming).ShouldMatch($"<resumed xmlns='{Ns.StreamManagement}' h='4'/>");
        Actor juliet = await play.Connect("juliet", "balcony");
        await juliet.Expect("<message id='m1'/>");
        await juliet.Expect("<message id='m2'/>");
        await play.ExpectNothing(romeo, juliet);
    }
}
