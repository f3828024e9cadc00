using System.Globalization;
using UploadBench;

// Uploads and downloads of one large file: Kith beside a bare Kestrel endpoint that writes and syncs the same file, over the
// same TLS on the same disk, in turns.
// KITH=$PWD/artifacts/publish/kith dotnet run -c Release --project tests/Load/UploadBench [DIRECTORY]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["bare", var port, var folder, var certificate, var key])
{
    await BareEndpoint.RunAsync(int.Parse(port), folder, certificate, key);
    return;
}
string root = args.Length > 0 ? args[0] : Path.GetTempPath();
DirectoryInfo work = Directory.CreateDirectory(Path.Combine(root, $"kith-upload-bench-{Environment.ProcessId}"));
try
{
    await Comparison.RunAsync(work.FullName);
}
finally
{
    work.Delete(recursive: true);
}
