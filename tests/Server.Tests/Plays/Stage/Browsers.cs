using System.Text.Json;
using Xmpp.Server.Push;
using Xmpp.Server.Stores;

namespace Server.Tests.Plays.Stage;

/// <summary>All browsers and their push services: notes what is pushed, and does with it what a play says.</summary>
internal sealed class Browsers : IWebPush
{
    private readonly Lock _lock = new();
    private readonly Queue<(WebSubscription To, WebPushMessage Message)> _pushed = new();

    public string PublicKey => "BPublicKey";
    public int LargestPayload { get; set; } = 3993;
    public WebPushOutcome Outcome { get; set; }

    /// <summary>What a push waits for before it is answered.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    public string? Fault(WebSubscription subscription) =>
        subscription.Endpoint.StartsWith("https://", StringComparison.Ordinal) ? null : "the endpoint is no https URL";

    public async Task<WebPushOutcome> SendAsync(
        WebSubscription to,
        WebPushMessage message,
        CancellationToken cancellation
    )
    {
        await Held.WaitAsync(cancellation);
        lock (_lock)
            _pushed.Enqueue((to, message));
        return Outcome;
    }

    /// <summary>Exactly this was pushed since the last look.</summary>
    public async Task<WebPushMessage> Expect(Play play, string json)
    {
        IReadOnlyList<(WebSubscription To, WebPushMessage Message)> came = await TakeAsync(play);
        if (came is not [var only])
            throw new PlayException($"{came.Count} pushes\n  expected: {json}");
        JsonElement expected = Parse(json);
        JsonElement actual = JsonDocument.Parse(only.Message.Payload).RootElement;
        if (!JsonElement.DeepEquals(expected, actual))
            throw new PlayException($"pushed otherwise\n  expected: {expected}\n  came:     {actual}");
        return only.Message;
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(json.Replace('\'', '"')).RootElement;

    public async Task ExpectNothing(Play play)
    {
        if (await TakeAsync(play) is [var first, ..])
            throw new PlayException(
                $"expected no push\n  came: {JsonDocument.Parse(first.Message.Payload).RootElement}"
            );
    }

    /// <summary>All that was pushed since the last look, once nothing is on its way and its consequences are on disk.</summary>
    public async Task<IReadOnlyList<(WebSubscription To, WebPushMessage Message)>> TakeAsync(Play play)
    {
        await play.Settle();
        await play.Server.Wakeups.QuietAsync().WaitAsync(Actor.Patience);
        await play.Settle();
        lock (_lock)
        {
            var all = _pushed.ToArray();
            _pushed.Clear();
            return all;
        }
    }
}
