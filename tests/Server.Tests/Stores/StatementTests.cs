using Shouldly;
using Storage;
using Xunit;

namespace Server.Tests.Stores;

/// <summary>What is bound is what is stored.</summary>
public sealed class StatementTests : IDisposable
{
    private readonly Home _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void What_is_empty_is_not_null()
    {
        using var connection = Connection.Open(_home.Options.Path, write: false);
        using Statement row = connection
            .Sql("SELECT typeof(?), typeof(?), typeof(?), typeof(?), typeof(?)")
            .Bind("")
            .Bind(ReadOnlySpan<byte>.Empty)
            .Bind(Array.Empty<byte>())
            .Bind((string?)null)
            .Bind((byte[]?)null);
        row.Step().ShouldBeTrue();
        Enumerable.Range(0, 5).Select(row.Text).ShouldBe(["text", "blob", "blob", "null", "null"]);
    }
}
