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

    public static void Run()
    {
        if (_waiting is null || _waiting.Count == 0)
            return;
        foreach (StreamClient each in _waiting)
            each.Flush();
        _waiting.Clear();
    }
}
