using Xmpp.Server.Household;
using Xmpp.Server.PubSub;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0054 vcard-temp: a person writes their own card, and whoever may reach them reads it. Its picture is the one that
/// PEP has (XEP-0398).
/// </summary>
internal sealed class VCards(XmppServer server, Avatars avatars) : Extension
{
    public const string Ns = "vcard-temp";
    public const string Key = "vcard";

    /// <summary>Room for a photo as clients scale it (XEP-0153 §4: 8 KiB; many take more).</summary>
    private const int LargestCard = 128 << 10;

    public override void Declare(Declarations declare)
    {
        declare.Implements("0054", "vcard-temp", "1.2");
        declare.ServerFeature(Ns);
        declare.AccountFeature(Ns);
        declare.OnGet(Target.OwnAccount | Target.OtherAccount, Ns, "vCard", GetAsync);
        declare.OnSet(Target.OwnAccount, Ns, "vCard", Set);
    }

    private async ValueTask<Reply> GetAsync(Request request)
    {
        if (request.Session is { } session)
            await session.SettleAsync();
        Account account = request.Subject!;
        using Access access = server.Stores.Database.OpenRead();
        byte[]? card = server.Stores.Accounts.Document(access, account.Id, Key);
        return Reply.Result(avatars.Show(access, account, card, new Asker(request.From, request.Session?.Account)));
    }

    private ValueTask<Reply> Set(Request request)
    {
        Account account = request.Own.Account;
        byte[] card = request.Payload.Bytes.ToArray();
        if (card.Length > LargestCard)
            return new(Reply.Error(StanzaError.PolicyViolation("a card has 128 KiB at most")));
        var changes = new List<NodeChange>();
        return new(
            Reply.After(
                transaction =>
                {
                    changes.Clear();
                    byte[] rest = avatars.Take(transaction, account, card, changes);
                    server.Stores.Accounts.SetDocument(transaction, account.Id, Key, rest);
                    return Reply.Empty;
                },
                () => changes.ForEach(change => change.Released())
            )
        );
    }
}
