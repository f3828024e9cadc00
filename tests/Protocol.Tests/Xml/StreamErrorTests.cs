using Shouldly;
using Xmpp.Xml;
using Xunit;

namespace Protocol.Tests.Xml;

public class StreamErrorTests
{
    [Fact]
    public void Every_condition_has_the_name_that_its_own_says()
    {
        foreach (StreamErrorCondition condition in Enum.GetValues<StreamErrorCondition>())
            StreamErrorException
                .ElementName(condition)
                .Replace("-", "")
                .ShouldBe(condition.ToString(), StringCompareShould.IgnoreCase);
    }
}
