using System.Security.Cryptography;

namespace Kith;

/// <summary>The box's own random secrets, made once and kept in the data directory, readable by its owner only.</summary>
internal sealed record Secrets(byte[] Server, byte[] Tokens)
{
    private const string FileName = "secret.key";
    private const int Each = 32;

    public static Secrets Load(string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, FileName);
        if (!File.Exists(path))
            Create(path);
        byte[] both = File.ReadAllBytes(path);
        if (both.Length != 2 * Each)
            throw new InvalidDataException($"{path} is damaged: {both.Length} bytes instead of {2 * Each}");
        return new Secrets(both[..Each], both[Each..]);
    }

    // Written beside and renamed, so that a power cut leaves a whole file or none.
    private static void Create(string path)
    {
        string draft = path + ".new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var file = new FileStream(draft, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(2 * Each));
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, path);
    }
}
