using Kith.Tests.Client;
using Kith.Tests.Crash;
using Kith.Tests.Program;
using Shouldly;
using Xmpp.Xml;
using Xunit;

namespace Kith.Tests.Limits;

/// <summary>A disk that fills up under the program and gets room again (laws, "The life of a message", 4).</summary>
[Collection(nameof(PublishedProgram))]
public sealed class FullDiskTests
{
    private readonly Device _sender = new(KithHome.Domain, "ada", "phone");
    private readonly Device _recipient = new(KithHome.Domain, "ben", "phone") { CatchUp = CatchUp.Offline };

    [Fact]
    public async Task Sending_is_refused_reading_goes_on_and_with_room_all_is_well()
    {
        using SmallDisk? disk = SmallDisk.TryMount(megabytes: 80);
        Assert.SkipWhen(disk is null, "only root can mount a small disk");
        using KithHome home = await KithHome.CreateAsync(["ada", "ben"], Path.Combine(disk.Folder, "data"));
        await using (KithProcess kith = await KithProcess.StartAsync(home))
        {
            kith.ExpectsErrors = true;
            await _sender.ConnectAsync(home.DirectTls);
            await _recipient.ConnectAsync(home.StartTls);
            await UntilAsync(refused: false);

            // What the guard keeps free, then the very last byte.
            foreach (long left in (long[])[32 << 20, 0])
            {
                disk.Fill(left);
                await UntilAsync(refused: true);
                await ReadAsync(home);
            }

            disk.Empty();
            await UntilAsync(refused: false);
            await ReadAsync(home);
            (await kith.StopAsync()).ExitCode.ShouldBe(0);
        }
        DatabaseCopy.Check(home.Data).ShouldBe("ok");
    }

    // The program looks at the disk once a second: the answer changes at one of the next messages.
    private async Task UntilAsync(bool refused)
    {
        bool was;
        var patience = new CancellationTokenSource(Signal.Patience);
        do
        {
            string key = await _sender.SendMessageAsync(_recipient.Account, request: true);
            await _sender.WhileOnline(() => _sender.HasAcknowledged(key), "the acknowledgement");
            // Asked after it on the same stream, answered after its answer.
            await _sender.AskAsync("get", KithHome.Domain, "<ping xmlns='urn:xmpp:ping'/>");
            was = Refusal(key).Exists;
            patience.Token.ThrowIfCancellationRequested();
        } while (was != refused);
    }

    private Element Refusal(string key)
    {
        Element error = _sender.Errors.FirstOrDefault(message => message.Attribute("id") == key).Child("error");
        if (error.Exists)
        {
            error.Attribute("type").ShouldBe("wait");
            error.Has("resource-constraint", Ns.StanzaErrors).ShouldBeTrue();
        }
        return error;
    }

    // Both archives hold what was not refused and nothing else, the recipient has it all, and a device can still sign in.
    private async Task ReadAsync(KithHome home)
    {
        string[] kept = [.. _sender.Keys.Where(key => !Refusal(key).Exists)];
        await _recipient.WhileOnline(() => kept.All(_recipient.Ledger.Has), "what was not refused");
        _recipient.Ledger.Count.ShouldBe(kept.Length);
        foreach (Device device in (Device[])[_sender, _recipient])
        {
            (await device.WalkAsync()).Select(seen => seen.Key).ShouldBe(kept);
            device.Faults.ShouldBeEmpty();
        }
        var another = new Device(KithHome.Domain, "ben", "tablet");
        await another.ConnectAsync(home.DirectTls);
        kept.ShouldAllBe(key => another.Ledger.Has(key));
        await another.SignOffAsync();
    }
}
