using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Kith;

/// <summary>What this program is, for <c>kith version</c> and XEP-0092.</summary>
internal static class ThisProgram
{
    private static readonly string[] _parts = (
        typeof(ThisProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "0"
    ).Split('+');

    public static string Version => _parts[0];

    /// <summary>The commit that it was built from; empty outside of a checkout.</summary>
    public static string Commit => _parts.Length > 1 ? _parts[1] : "";

    /// <summary>The day on which it was built: no clock that is right says less.</summary>
    public static DateTimeOffset Built { get; } =
        DateTimeOffset.Parse(
            typeof(ThisProgram)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .First(each => each.Key == "Built")
                .Value!,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal
        );

    public static string Runtime =>
        RuntimeInformation.FrameworkDescription + " " + RuntimeInformation.RuntimeIdentifier;
}
