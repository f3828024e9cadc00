using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Xmpp.Server.Household;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Push;

/// <summary>
/// The box's own app server: what it is told goes to the browser's push service, for one device after the other's pace;
/// while one is on its way the next waits, calls first, and of one conversation only the newest.
/// </summary>
internal sealed class WebPushes(XmppServer server, IWebPush way)
{
    private static readonly TimeSpan _messageLasts = TimeSpan.FromDays(7);

    /// <summary>Nobody lets it ring for longer.</summary>
    private static readonly TimeSpan _callLasts = TimeSpan.FromSeconds(45);

    /// <summary>Notices that wait for one device; what is older goes.</summary>
    private const int MostWaiting = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<PushTarget, List<Waiting>> _sending = [];
    private TaskCompletionSource? _quiet;

    private readonly record struct Waiting(Notice Notice, long Since);

    public void Send(Account account, PushTarget target, Notice notice)
    {
        var one = new Waiting(notice, server.Time.GetTimestamp());
        lock (_lock)
        {
            if (_sending.TryGetValue(target, out List<Waiting>? waiting))
            {
                Add(waiting, one);
                return;
            }
            _sending[target] = [one];
        }
        _ = Task.Run(() => SendAllAsync(account, target));
    }

    private static void Add(List<Waiting> waiting, Waiting one)
    {
        (Notice notice, _) = one;
        waiting.RemoveAll(older =>
            older.Notice.Conversation == notice.Conversation && older.Notice.Urgency == notice.Urgency
        );
        if (waiting.Count >= MostWaiting)
            waiting.RemoveAt(0);
        int calls = waiting.FindIndex(other => other.Notice.Urgency != Urgency.High);
        waiting.Insert(notice.Urgency == Urgency.High && calls >= 0 ? calls : waiting.Count, one);
    }

    private async Task SendAllAsync(Account account, PushTarget target)
    {
        try
        {
            while (TryNext(target, out Waiting next))
                await SendAsync(account, target, next);
        }
        catch (OperationCanceledException) when (server.Stopping.IsCancellationRequested)
        {
            // What is undelivered is told with the next message.
            Leave(target);
        }
        catch (Exception bug)
        {
            server.Log.Bug(bug, account.Jid);
            Leave(target);
        }
    }

    // Once there is nothing more, whoever comes begins anew.
    private bool TryNext(PushTarget target, out Waiting next)
    {
        lock (_lock)
        {
            List<Waiting> waiting = _sending[target];
            next = waiting.FirstOrDefault();
            if (waiting.Count == 0)
            {
                Leave(target);
                return false;
            }
            waiting.RemoveAt(0);
            return true;
        }
    }

    private void Leave(PushTarget target)
    {
        lock (_lock)
        {
            _sending.Remove(target);
            if (_sending.Count == 0)
                _quiet?.TrySetResult();
        }
    }

    private async Task SendAsync(Account account, PushTarget target, Waiting next)
    {
        WebSubscription? to;
        using (Access access = server.Stores.Database.OpenRead())
            to = server.Stores.Push.Subscription(access, target.Device);
        // Ended with its device, or the device is there, since.
        if (to is null || to.Node != target.Registration.Node || Wakeups.IsAwake(account, target.Device))
            return;
        WebPushOutcome outcome = await way.SendAsync(to, Message(account, target, next), server.Stopping);
        if (outcome == WebPushOutcome.Gone)
            server.Stores.Database.Enqueue(new Ending(server, account, target, to));
        else if (outcome == WebPushOutcome.Failed)
            target.NotTold();
    }

    private WebPushMessage Message(Account account, PushTarget target, Waiting next)
    {
        (Notice notice, long since) = next;
        bool call = notice.IsCall;
        string topic = Topic(account, notice);
        TimeSpan left = call ? _callLasts - server.Time.GetElapsedTime(since) : _messageLasts;
        if (left <= TimeSpan.Zero)
            (notice, left) = (notice with { Urgency = Urgency.Normal, IsLate = true }, _messageLasts);
        byte[] payload = WebNotice.Write(account, notice, target.Missed, way.LargestPayload);
        return new WebPushMessage(payload, notice.Urgency, left, topic);
    }

    // The push service sees that two are of one conversation, not of which. A call takes no message's place, nor do words
    // among others that of a mention.
    private string Topic(Account account, Notice notice)
    {
        string kind = $"{notice.IsCall}\0{notice.IsMention}";
        byte[] about = Encoding.UTF8.GetBytes($"topic\0{account.Id}\0{notice.Conversation}\0{kind}");
        return Base64Url.EncodeToString(HMACSHA256.HashData(server.Options.Secret, about)[..24]);
    }

    /// <summary>Returns when nothing is on its way.</summary>
    public Task QuietAsync()
    {
        lock (_lock)
        {
            if (_sending.Count == 0)
                return Task.CompletedTask;
            if (_quiet is null or { Task.IsCompleted: true })
                _quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _quiet.Task;
        }
    }
}
