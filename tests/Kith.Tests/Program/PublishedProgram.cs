using Xunit;

namespace Kith.Tests.Program;

/// <summary>
/// Tests of the published program come one at a time, after the others: they measure, and they need the machine.
/// </summary>
[CollectionDefinition(nameof(PublishedProgram), DisableParallelization = true)]
public sealed class PublishedProgram;
