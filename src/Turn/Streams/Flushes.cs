namespace Turn.Streams;

/// <summary>
/// Connections for which something waits until the loop's turn is over, so that what came together leaves together. Only the
/// loop's thread gathers; on any other what is written goes at once.
/// </summary>
internal static class Flushes
{
    [ThreadStatic]
    private static List<StreamClient>? _waiting;

    /// <summary>This thread gathers from now on.</summary>
    public static void Gather() => _waiting ??= [];

    public static void Add(StreamClient client)
    {
        if (_waiting is null)
            client.Flush();
        else
            _waiting.Add(client);
    }

    /// <param name="bug">Hears of a bug in one of them; the others go on.</param>
    public static void Run(Action<Exception> bug)
    {
        if (_waiting is null)
            return;
        // By index: what is written may make more wait.
        for (int i = 0; i < _waiting.Count; i++)
        {
            try
            {
                _waiting[i].Flush();
            }
#pragma warning disable CA1031 // One connection's bug is not the end of everybody's calls.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                bug(fault);
            }
        }

        _waiting.Clear();
    }
}
