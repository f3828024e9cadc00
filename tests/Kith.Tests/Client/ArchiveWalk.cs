using System.Globalization;
using Xmpp.Xml;

namespace Kith.Tests.Client;

/// <summary>What one walk through an archive has brought.</summary>
internal sealed class ArchiveWalk(string id)
{
    private readonly Lock _lock = new();
    private readonly List<Seen> _found = [];

    public void Add(Seen seen)
    {
        // Results of a walk that an earlier connection broke off may still come.
        if (seen.QueryId != id)
            return;
        lock (_lock)
            _found.Add(seen);
    }

    public IReadOnlyList<Seen> Found
    {
        get
        {
            lock (_lock)
                return [.. _found];
        }
    }
}

/// <summary>Paging through one's own archive (XEP-0313), older first.</summary>
internal static class ArchiveWalking
{
    private const int PageSize = 100;
    private static int _last;

    /// <summary>All behind the id (0: from the beginning); told after each page where it ended.</summary>
    public static async Task<IReadOnlyList<Seen>> WalkAsync(
        this Device device,
        long after = 0,
        Action<long>? pageEnded = null
    )
    {
        string id = $"walk{Interlocked.Increment(ref _last)}";
        var walk = new ArchiveWalk(id);
        device.Collect(walk);
        try
        {
            while (true)
            {
                Element fin = await PageAsync(device, id, after);
                string last = fin.Child("set", Ns.ResultSets).Child("last").Text;
                if (last.Length > 0)
                {
                    after = long.Parse(last, CultureInfo.InvariantCulture);
                    pageEnded?.Invoke(after);
                }
                if (fin.Attribute("complete") == "true")
                    return walk.Found;
            }
        }
        finally
        {
            device.Collect(null);
        }
    }

    private static async Task<Element> PageAsync(Device device, string id, long after)
    {
        string behind = after == 0 ? "" : $"<after>{after}</after>";
        Element answer = await device.AskAsync(
            "set",
            null,
            $"<query xmlns='{Ns.Archive}' queryid='{id}'><set xmlns='{Ns.ResultSets}'><max>{PageSize}</max>{behind}</set></query>"
        );
        return answer.Child("fin", Ns.Archive) is { Exists: true } fin
            ? fin
            : throw new UnexpectedException($"no page of the archive behind {after}: {answer}");
    }
}
