using Dns;
using Shouldly;
using Xunit;

namespace Protocol.Tests.Dns;

/// <summary>RFC 2782, "Usage rules".</summary>
public sealed class ServiceOrderTests
{
    private static ServiceData Host(ushort priority, ushort weight, string name) =>
        new(priority, weight, 5269, DomainName.Parse(name));

    private static string First(ServiceData[] all, Random random) => ServiceOrder.Of(all, random)[0].Target.ToString();

    [Fact]
    public void The_lowest_priority_comes_first_and_each_host_once()
    {
        ServiceData[] all = [Host(20, 0, "c"), Host(10, 0, "a"), Host(30, 65535, "d"), Host(10, 65535, "b")];
        for (int seed = 0; seed < 100; seed++)
        {
            string[] order = [.. ServiceOrder.Of(all, new Random(seed)).Select(each => each.Target.ToString())];
            order[..2].Order().ShouldBe(["a", "b"]);
            order[2..].ShouldBe(["c", "d"]);
        }
    }

    [Fact]
    public void Within_a_priority_weights_say_how_often_a_host_is_first()
    {
        ServiceData[] all = [Host(1, 1, "small"), Host(1, 3, "large"), Host(1, 0, "spare")];
        var random = new Random(2782);
        ILookup<string, int> firsts = Enumerable.Range(0, 10_000).ToLookup(_ => First(all, random), each => each);
        // Numbers from 0 to 4 are drawn: 0 is the one without weight, 1 the small one, 2 to 4 the large one.
        firsts["spare"].Count().ShouldBeInRange(1_800, 2_200);
        firsts["small"].Count().ShouldBeInRange(1_800, 2_200);
        firsts["large"].Count().ShouldBeInRange(5_700, 6_300);
    }

    [Fact]
    public void Without_weights_all_are_first_now_and_then()
    {
        ServiceData[] all = [Host(1, 0, "a"), Host(1, 0, "b"), Host(1, 0, "c")];
        var random = new Random(2782);
        Enumerable.Range(0, 100).Select(_ => First(all, random)).Distinct().Order().ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void The_root_alone_says_that_there_is_no_such_service() =>
        ServiceOrder.Of([Host(0, 0, ".")], new Random(1)).ShouldBeEmpty();
}
