using System.Globalization;
using StorageBench;

// What storage costs: CPU and bytes of an archived message by batch size, and reading pages of a long archive.
// dotnet run -c Release --project tests/Load/StorageBench [DIRECTORY]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string root = args.Length > 0 ? args[0] : Path.GetTempPath();
DirectoryInfo folder = Directory.CreateDirectory(
    Path.Combine(root, $"kith-storage-bench-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}")
);
try
{
    Appending.Run(folder.FullName);
    Reading.Run(folder.FullName);
}
finally
{
    folder.Delete(recursive: true);
}
