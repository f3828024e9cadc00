using Kith.Tests.Client;

namespace Kith.Tests.Crash;

/// <summary>How good somebody's line is.</summary>
internal enum Habit
{
    Steady,

    /// <summary>Loses the connection all the time and resumes.</summary>
    Flaky,

    /// <summary>Signs off and comes back later.</summary>
    ComesAndGoes,
}

/// <summary>Somebody who writes to one other person all the time, from one device, as well as the line allows.</summary>
internal sealed class Person(Device device, Device partner, Habit habit, Door door, Traffic traffic)
{
    private const int Window = 24;

    public Device Device => device;
    public int Resumed { get; private set; }
    public int Refused { get; private set; }

    /// <summary>Until the plug is pulled. A connection that is lost for no reason is a finding.</summary>
    public async Task LiveAsync(Random random)
    {
        while (!traffic.IsOver)
            try
            {
                if (!device.IsOnline)
                    await ConnectAsync();
                await TalkAsync(random);
            }
            catch (Exception lost) when (Lost.Is(lost))
            {
                if (!traffic.IsOver)
                    throw new UnexpectedException(
                        $"{device.Jid}: {lost.Message} {device.How} {string.Join("; ", device.Faults)}"
                    );
            }
    }

    public async Task ConnectAsync()
    {
        await device.ConnectAsync(door);
        if (device.Resumption.Name == "resumed")
            Resumed++;
        else if (device.Resumption.Exists)
            Refused++;
    }

    private async Task TalkAsync(Random random)
    {
        for (int burst = random.Next(1, 8); burst > 0; burst--)
            await SayAsync(random);
        if (random.Next(3) > 0)
            await device.RequestAsync();
        await device.SettleAsync(random.Next(Window));
        switch (habit)
        {
            case Habit.Flaky when random.Next(2) == 0:
                await device.CutAsync();
                break;
            case Habit.ComesAndGoes when random.Next(8) == 0:
                await device.SignOffAsync();
                await traffic.AfterAsync(random.Next(60));
                break;
        }
    }

    private async Task SayAsync(Random random)
    {
        switch (random.Next(12))
        {
            case 0:
                // Counts, and writes nothing.
                await device.SendAsync(new Sent("<iq type='get' id='ping'><ping xmlns='urn:xmpp:ping'/></iq>", null));
                break;
            case 1:
                await device.SendAsync(
                    new Sent(
                        $"<message type='chat' to='{partner.Account}'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
                        null
                    )
                );
                break;
            default:
                string to = random.Next(4) == 0 ? partner.Jid : partner.Account;
                await device.SendMessageAsync(to, request: random.Next(2) == 0);
                break;
        }
    }

    /// <summary>Is back and has everything: nothing of its own is open, nothing of the others' is missing.</summary>
    public async Task SettleAsync(IEnumerable<Device> writers)
    {
        if (!device.IsOnline)
            await ConnectAsync();
        await device.SettleAsync();
        foreach (Device writer in writers)
            await device.WhileOnline(() => writer.Keys.TrueForAll(device.Ledger.Has), $"all of {writer.Jid}");
    }
}
