using Xmpp.Server.Household;
using Xmpp.Server.PubSub;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0049 Private XML Storage: any element by its namespace and name, for its owner alone. Bookmarks that lie here are
/// those of XEP-0402.
/// </summary>
internal sealed class PrivateXml(XmppServer server, Bookmarks bookmarks) : Extension
{
    private const string Ns = "jabber:iq:private";
    private const int LongestName = 1023;

    public override void Declare(Declarations declare)
    {
        declare.Implements("0049", "Private XML Storage", "1.2");
        declare.ServerFeature(Ns);
        declare.AccountFeature(Ns);
        declare.OnGet(Target.OwnAccount, Ns, "query", GetAsync);
        declare.OnSet(Target.OwnAccount, Ns, "query", Set);
    }

    private static string Key(Element element) => KeyOf(element.Namespace, element.Name);

    /// <summary>Under which document an element is kept.</summary>
    public static string KeyOf(string ns, string name) => $"private {ns} {name}";

    private async ValueTask<Reply> GetAsync(Request request)
    {
        Element wanted = request.Payload.FirstChild;
        if (!wanted.Exists || request.Payload.Children.Count > 1)
            return Reply.Error(StanzaError.BadRequest("one element"));
        Check(wanted);
        await request.Own.SettleAsync();
        using Access access = server.Stores.Database.OpenRead();
        byte[]? kept = server.Stores.Accounts.Document(access, request.Own.Account.Id, Key(wanted));
        if (IsBookmarks(wanted))
            kept = bookmarks.AsPrivateXml(access, request.Own.Account, kept);
        var query = new XmlBuilder().Start("query", Ns);
        return Reply.Result(kept is null ? query.Empty(wanted.Name, wanted.Namespace) : query.Copy(kept));
    }

    private ValueTask<Reply> Set(Request request)
    {
        Account account = request.Own.Account;
        var documents = new List<(string Key, byte[]? Value)>();
        byte[]? storage = null;
        // Parsed by itself, so that the query's own declarations are inside its children.
        foreach (Element element in XmlFragment.ParseApart(request.Payload.Bytes.ToArray()).Root.Children)
        {
            Check(element);
            byte[] value = element.Bytes.ToArray();
            if (IsBookmarks(element))
                storage = value;
            documents.Add((Key(element), IsBookmarks(element) ? Bookmarks.Others(value) : value));
        }
        if (documents.Count == 0)
            return new(Reply.Error(StanzaError.BadRequest("what?")));
        IReadOnlyList<NodeChange> changes = [];
        return new(
            Reply.After(
                transaction =>
                {
                    foreach (var (key, value) in documents)
                        server.Stores.Accounts.SetDocument(transaction, account.Id, key, value);
                    if (storage is not null)
                        changes = bookmarks.TakePrivateXml(transaction, account, storage);
                    return Reply.Empty;
                },
                () =>
                {
                    foreach (NodeChange change in changes)
                        change.Released();
                }
            )
        );
    }

    private static bool IsBookmarks(Element element) => element.Is("storage", Bookmarks.Legacy);

    // §2.3: what is stored has a namespace of its own, and none that the server means something by.
    private static void Check(Element element)
    {
        string ns = element.Namespace;
        bool reserved = ns is "" or Ns or Xmpp.Xml.Ns.Client or "vcard-temp" || ns.Length > LongestName;
        if (reserved)
            throw new StanzaErrorException(StanzaError.NotAcceptable("a namespace of its own"));
    }
}
