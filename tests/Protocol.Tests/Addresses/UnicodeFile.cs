using System.Diagnostics;
using System.IO.Compression;
using Xunit;

namespace Protocol.Tests.Addresses;

/// <summary>The files of the Unicode Character Database as Debian's package unicode-data installs them.</summary>
internal static class UnicodeFile
{
    private const string Folder = "/usr/share/unicode";

    /// <summary>All lines of a file, plain or compressed; the test fails where there is none.</summary>
    internal static string[] ReadLines(string name)
    {
        var path = Path.Combine(Folder, name);
        if (File.Exists(path))
            return File.ReadAllLines(path);
        if (File.Exists(path + ".gz"))
        {
            using var zipped = new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress);
            return Lines(new StreamReader(zipped));
        }

        if (!File.Exists(path + ".bz2"))
            Assert.Fail($"{path} is missing, also as .gz and .bz2: install the package unicode-data.");
        return Unpack(path + ".bz2");
    }

    private static string[] Unpack(string path)
    {
        var start = new ProcessStartInfo("bzip2", ["-dc", path])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        try
        {
            using var bzip2 = Process.Start(start)!;
            var lines = Lines(bzip2.StandardOutput);
            bzip2.WaitForExit();
            return lines;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Fail($"{path} is compressed and bzip2 is missing: install the package bzip2.");
            throw;
        }
    }

    private static string[] Lines(StreamReader reader)
    {
        using (reader)
            return reader.ReadToEnd().Split('\n');
    }
}
