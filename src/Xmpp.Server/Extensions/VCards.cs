using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>XEP-0054 vcard-temp: a person writes their own card, and whoever may reach them reads it.</summary>
internal sealed class VCards(XmppServer server) : Extension
{
    private const string Ns = "vcard-temp";
    private const string Key = "vcard";

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
        using Access access = server.Stores.Database.OpenRead();
        byte[]? card = server.Stores.Accounts.Document(access, request.Subject!.Id, Key);
        return Reply.Result(card ?? new XmlBuilder().Empty("vCard", Ns).ToArray());
    }

    private ValueTask<Reply> Set(Request request)
    {
        Account account = request.Own.Account;
        byte[] card = request.Payload.Bytes.ToArray();
        if (card.Length > LargestCard)
            return new(Reply.Error(StanzaError.PolicyViolation("a card has 128 KiB at most")));
        return new(
            Reply.After(transaction =>
            {
                server.Stores.Accounts.SetDocument(transaction, account.Id, Key, card);
                return Reply.Empty;
            })
        );
    }
}
