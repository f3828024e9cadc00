namespace Kith.Tests.Syncing;

/// <summary>
/// One client sends a message at a time, and waits until it is acknowledged and another client has it. Between its
/// receipt and whatever goes to either of the two, what was written after the receipt must have been synced by a sync
/// that began after the writing (laws, "The life of a message", 2).
/// </summary>
internal static class SyncOrder
{
    /// <summary>What is wrong in the trace; nothing when <paramref name="messages"/> messages kept the order.</summary>
    /// <param name="sender">The port of the client that sends, and to which nothing goes but acknowledgements.</param>
    /// <param name="recipient">The port of the other, to which nothing goes but the messages.</param>
    public static IReadOnlyList<string> Check(IReadOnlyList<TraceEvent> trace, int sender, int recipient, int messages)
    {
        var wrong = new List<string>();
        var current = new Message();
        int done = 0;
        foreach (TraceEvent act in trace.Skip(Beginning(trace, sender, messages)))
        {
            if (act.Act == Act.Received && act.Port == sender)
                current.IsUnderWay = true;
            if (!current.IsUnderWay)
                continue;
            bool shows = act.Act == Act.Sends && (act.Port == sender || act.Port == recipient);
            if (shows && !current.IsSynced)
                wrong.Add($"line {act.Line}: sent to {act.Port} before message {done + 1} was synced");
            current.Note(act, sender, recipient);
            if (!current.IsShown)
                continue;
            done++;
            current = new Message();
        }
        if (done != messages)
            wrong.Add($"{done} messages in the trace, not {messages}");
        return wrong;
    }

    // Behind the last thing that was sent to the sender before its messages: one acknowledgement belongs to each.
    private static int Beginning(IReadOnlyList<TraceEvent> trace, int sender, int messages)
    {
        int seen = 0;
        for (int i = trace.Count - 1; i >= 0; i--)
            if (trace[i].Act == Act.Sends && trace[i].Port == sender && ++seen > messages)
                return i + 1;
        return 0;
    }

    private sealed class Message
    {
        private bool _written;
        private bool _syncing;
        private bool _toSender;
        private bool _toRecipient;

        public bool IsUnderWay { get; set; }
        public bool IsSynced { get; private set; }
        public bool IsShown => _toSender && _toRecipient;

        public void Note(TraceEvent act, int sender, int recipient)
        {
            _written |= act.Act == Act.Wrote;
            _syncing |= act.Act == Act.Syncs && _written;
            IsSynced |= act.Act == Act.Synced && _syncing;
            _toSender |= act.Act == Act.Sends && act.Port == sender;
            _toRecipient |= act.Act == Act.Sends && act.Port == recipient;
        }
    }
}
