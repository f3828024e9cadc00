using Server.Tests.Plays.Stage;
using Xmpp.Server.Stores;

namespace Server.Tests.Plays;

/// <summary>How two become contacts, for plays about what comes after it.</summary>
internal static class Subscribing
{
    /// <summary>One has the state towards the other, both by asking and approving; all that came of it is forgotten.</summary>
    public static async Task Bring(Play play, Actor one, Actor other, Subscription state)
    {
        if (state.HasFlag(Subscription.To))
            await Follow(play, one, other);
        if (state.HasFlag(Subscription.From))
            await Follow(play, other, one);
        if (state == Subscription.None)
            await one.Ask(RosterPlays.Set($"<item jid='{other.Bare}'/>"));
        await play.Watch(one, other);
    }

    /// <summary>From now on these look at presence too; what has come so far is forgotten.</summary>
    public static async Task Watch(this Play play, params Actor[] actors)
    {
        await play.Settle();
        foreach (Actor actor in actors)
        {
            actor.Forget();
            actor.SeesPresence = true;
        }
    }

    private static async Task Follow(Play play, Actor follower, Actor followed)
    {
        await follower.Send($"<presence type='subscribe' to='{followed.Bare}'/>");
        await play.Settle();
        await followed.Send($"<presence type='subscribed' to='{follower.Bare}'/>");
        await play.Settle();
    }
}
