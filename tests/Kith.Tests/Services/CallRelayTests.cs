using Kith.Services;
using Shouldly;
using Xunit;

namespace Kith.Tests.Services;

/// <summary>The relay's parts end together.</summary>
public sealed class CallRelayTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_part_that_ends_by_itself_is_not_waited_over(bool fails)
    {
        var others = new TaskCompletionSource();
        Task ended = fails ? Task.FromException(new InvalidOperationException("the loop")) : Task.CompletedTask;
        Task running = CallRelay.EndTogetherAsync([others.Task, ended], CancellationToken.None);
        await running.ShouldThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task When_it_is_stopped_all_are_waited_for()
    {
        var other = new TaskCompletionSource();
        Task running = CallRelay.EndTogetherAsync([Task.CompletedTask, other.Task], new CancellationToken(true));
        running.IsCompleted.ShouldBeFalse();
        other.SetResult();
        await running;
    }
}
