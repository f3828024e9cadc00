using System.Security.Cryptography;
using System.Text;
using WebPush;

namespace Kith;

/// <summary>The box's own random secrets, made once and kept in the data directory, readable by its owner only.</summary>
/// <param name="WebPush">The key that browsers' push services know the box by, PEM; subscriptions belong to it.</param>
internal sealed record Secrets(byte[] Server, byte[] Tokens, string WebPush)
{
    private const string FileName = "secret.key";
    private const string WebPushFileName = "web-push.key";
    private const int Each = 32;

    public static Secrets Load(string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, FileName);
        byte[] both = Load(path, () => RandomNumberGenerator.GetBytes(2 * Each));
        if (both.Length != 2 * Each)
            throw new InvalidDataException($"{path} is damaged: {both.Length} bytes instead of {2 * Each}");
        byte[] key = Load(
            Path.Combine(dataDirectory, WebPushFileName),
            () => Encoding.ASCII.GetBytes(PushSender.NewKey() + "\n")
        );
        return new Secrets(both[..Each], both[Each..], Encoding.ASCII.GetString(key));
    }

    private static byte[] Load(string path, Func<byte[]> make)
    {
        if (!File.Exists(path))
            Create(path, make());
        return File.ReadAllBytes(path);
    }

    // Written beside and renamed, so that a power cut leaves a whole file or none.
    private static void Create(string path, byte[] secret)
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
            file.Write(secret);
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, path);
    }
}
