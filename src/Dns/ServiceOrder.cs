namespace Dns;

/// <summary>In which order a service's hosts are tried (RFC 2782, "Usage rules").</summary>
public static class ServiceOrder
{
    /// <summary>By priority; within one at random, as the weights say. Empty where the only target is the root: no such service.</summary>
    public static IReadOnlyList<ServiceData> Of(IEnumerable<ServiceData> services, Random random)
    {
        List<ServiceData> all = [.. services];
        if (all is [{ Target: var only }] && only == DomainName.Root)
            return [];
        var ordered = new List<ServiceData>(all.Count);
        foreach (IGrouping<ushort, ServiceData> same in all.GroupBy(each => each.Priority).OrderBy(group => group.Key))
        {
            // Those without weight first, so that they are drawn now and then; among them any order is right.
            ServiceData[] shuffled = [.. same];
            random.Shuffle(shuffled);
            List<ServiceData> left = [.. shuffled.OrderBy(each => each.Weight > 0)];
            while (left.Count > 0)
            {
                int at = Draw(left, random);
                ordered.Add(left[at]);
                left.RemoveAt(at);
            }
        }

        return ordered;
    }

    private static int Draw(List<ServiceData> left, Random random)
    {
        int drawn = random.Next(left.Sum(each => each.Weight) + 1);
        int running = 0;
        return left.FindIndex(each => (running += each.Weight) >= drawn);
    }
}
