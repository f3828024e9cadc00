using System.Globalization;
using Xmpp.Sasl;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Streams;

/// <summary>
/// XEP-0480: keys for a hash that an account lacks (it was imported with others), from a client that has just proved the
/// password. Each task is next, task-data with the salt, task-data with the salted password.
/// </summary>
internal sealed class HashUpgrades
{
    public const string Namespace = "urn:xmpp:sasl:upgrade:0";
    private const string ScramNamespace = "urn:xmpp:scram-upgrade:0";
    private static readonly ScramHash[] _hashes = [ScramHash.Sha256, ScramHash.Sha1];

    private readonly ClientStream _stream;
    private readonly Account _account;
    private readonly Queue<ScramHash> _left;
    private ScramUpgrade? _running;

    private HashUpgrades(ClientStream stream, Account account, Queue<ScramHash> left) =>
        (_stream, _account, _left) = (stream, account, left);

    /// <summary>The same for every account, so that it tells nothing about one (XEP-0388 §2.1).</summary>
    public static void WriteFeatures(XmlBuilder authentication)
    {
        foreach (ScramHash hash in _hashes)
            authentication.Element("upgrade", ScramUpgrade.TaskName(hash), Namespace);
    }

    /// <summary>Of what the client is ready for, what the account needs; null when that is nothing.</summary>
    public static HashUpgrades? For(ClientStream stream, Account account, IReadOnlyList<string> ready)
    {
        XmppServer server = stream.Server;
        if (ready.Count == 0)
            return null;
        using Access access = server.Stores.Database.OpenRead();
        var left = new Queue<ScramHash>(
            _hashes.Where(hash =>
                ready.Contains(ScramUpgrade.TaskName(hash), StringComparer.Ordinal)
                && server.Stores.Accounts.Keys(access, account.Name, hash) is null
            )
        );
        return left.Count == 0 ? null : new HashUpgrades(stream, account, left);
    }

    public bool IsDone => _left.Count == 0;

    /// <summary>The task that comes next, alone in its list (§2.2).</summary>
    public void WriteTasks(XmlBuilder proceed) =>
        proceed.Start("tasks").Element("task", ScramUpgrade.TaskName(_left.Peek())).End();

    /// <summary>The client's next element: an answer to it, or null when the task is done; false when it makes no sense.</summary>
    public async ValueTask<(bool Good, byte[]? Answer)> TakeAsync(Element element)
    {
        if (element.Name == "next" && _running is null)
            return element.Attribute("task") == ScramUpgrade.TaskName(_left.Peek()) ? (true, Begin()) : (false, null);
        if (element.Name != "task-data" || _running is null)
            return (false, null);
        string text = element.Child("hash", ScramNamespace).Text;
        var salted = new byte[text.Length];
        if (
            !Convert.TryFromBase64String(text, salted, out int length)
            || _running.Accept(salted.AsSpan(0, length)) is not { } keys
        )
            return (false, null);
        bool saved = await _stream.Server.Stores.Database.WriteAsync(transaction => Save(transaction, keys));
        if (!saved)
            return (false, null);
        _running = null;
        _left.Dequeue();
        return (true, null);
    }

    // Not over a password that was changed since this one was proved.
    private bool Save(Transaction transaction, ScramKeys keys)
    {
        if (!_stream.IsCurrent(_account))
            return false;
        _stream.Server.Stores.Accounts.SetKeys(transaction, _account.Id, [keys], only: false);
        return true;
    }

    private byte[] Begin()
    {
        _running = new ScramUpgrade(_left.Peek());
        return new XmlBuilder(around: "")
            .Start("task-data", Ns.Sasl2)
            .Start("salt", ScramNamespace)
            .Attribute("iterations", _running.Iterations.ToString(CultureInfo.InvariantCulture))
            .Text(Convert.ToBase64String(_running.Salt))
            .ToArray();
    }
}
