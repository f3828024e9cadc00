using Xmpp.Server.Household;
using Xmpp.Server.PubSub;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0084 User Avatar, with the conversions of XEP-0398: the picture lies on its PEP nodes alone, is shown in the card to
/// those who may read them (§4.3), and its hash is stamped on presence (XEP-0153 §4).
/// </summary>
internal sealed class Avatars(XmppServer server) : Extension
{
    private const string Update = "vcard-temp:x:update";

    private Nodes Nodes => server.Nodes;

    public override void Declare(Declarations declare)
    {
        declare.Implements("0084", "User Avatar", "1.1.4");
        declare.Implements("0153", "vCard-Based Avatars", "1.1.1");
        declare.Implements("0398", "User Avatar to vCard-Based Avatars Conversion", "1.0.0");
        declare.AccountFeature("urn:xmpp:pep-vcard-conversion:0");
        declare.PersonalNodes[Avatar.MetadataNode] = new PersonalNode { Told = Changed };
        declare.Bound.Add(session => Load(session.Account));
        declare.Stamps.Add(Stamp);
    }

    /// <summary>The picture of the account, where data and metadata agree. Null for none; <paramref name="isRemoved"/>: it was taken off.</summary>
    private Avatar? Read(Access access, Account account, out bool isRemoved)
    {
        isRemoved = false;
        if (Last(access, account, Avatar.MetadataNode) is not { } metadata)
            return null;
        if (Avatar.Named(metadata.Payload) is not { } named)
        {
            isRemoved = true;
            return null;
        }
        ItemRecord? data = Nodes.Item(access, account, Avatar.DataNode, named.Id);
        return data is null ? null : Avatar.OfData(named.Id, named.Type, data.Payload);
    }

    private ItemRecord? Last(Access access, Account account, string node) =>
        Nodes.Store.Find(access, account.Id, node) is { } found ? Nodes.Store.Last(access, found.Id) : null;

    // ---- presence (XEP-0398 §5) ----

    // Off the writer's thread, before the session's first presence. What a publication says meanwhile counts.
    private void Load(Account account)
    {
        if (account.Nodes.PhotoHash is not null)
            return;
        using Access access = server.Stores.Database.OpenRead();
        account.Nodes.BeginPhotoHash(HashOf(access, account));
    }

    private string HashOf(Access access, Account account)
    {
        if (Read(access, account, out bool isRemoved) is { } avatar)
            return avatar.Hash;
        if (isRemoved)
            return NodeHost.PhotoRemoved;
        // A card from before its picture was taken out of it.
        byte[]? card = server.Stores.Accounts.Document(access, account.Id, VCards.Key);
        Avatar? photo = card is null ? null : Avatar.OfCard(XmlFragment.Parse(card).Root);
        return photo?.Hash ?? NodeHost.NoPhoto;
    }

    private Stanza Stamp(Session session, Stanza presence)
    {
        string hash = session.Account.Nodes.PhotoHash ?? NodeHost.NoPhoto;
        Element update = presence.Child("x", Update);
        Element photo = update.Child("photo");
        bool isShown = hash is not (NodeHost.NoPhoto or NodeHost.PhotoRemoved);
        bool stays =
            (photo.Exists && photo.Text.Length == 0)
            || (isShown && photo.Text == hash)
            || (!isShown && (photo.Exists || (!update.Exists && hash == NodeHost.NoPhoto)));
        if (stays)
            return presence;
        var payload = new XmlBuilder(capacity: presence.Payload.Length + 128);
        foreach (Element child in presence.Root.Children)
            if (!child.Is("x", Update))
                payload.Copy(child.Bytes.Span);
        payload.Start("x", Update).Element("photo", isShown ? hash : "");
        return presence.WithPayload(payload.ToArray());
    }

    // Contacts with old apps hear of it by presence.
    private void Changed(NodeChange change)
    {
        Account account = change.Host.Account!;
        string before = account.Nodes.PhotoHash ?? NodeHost.NoPhoto;
        using (Access access = server.Stores.Database.OpenRead())
            account.Nodes.PhotoHash = HashOf(access, account);
        if (account.Nodes.PhotoHash != before)
            server.Dispatcher.Presences.Restamp(account);
    }

    // ---- cards (XEP-0398 §4) ----

    /// <summary>The card as the asker sees it: with the picture, where both nodes are open to it.</summary>
    public byte[] Show(Access access, Account account, byte[]? card, Asker asker)
    {
        Avatar? avatar = Read(access, account, out bool isRemoved);
        if (avatar is null && !isRemoved)
            return card ?? Empty();
        if (
            avatar is not null
            && !(
                MayRead(access, account, Avatar.MetadataNode, asker) && MayRead(access, account, Avatar.DataNode, asker)
            )
        )
            avatar = null;
        XmlBuilder shown = Without(card, extra: avatar?.Data.Length ?? 0);
        avatar?.WritePhoto(shown);
        return shown.ToArray();
    }

    private static byte[] Empty() => new XmlBuilder().Empty("vCard", VCards.Ns).ToArray();

    private bool MayRead(Access access, Account account, string node, Asker asker)
    {
        if (Nodes.Store.Find(access, account.Id, node) is not { } found)
            return false;
        var audience = Audience.Read(Nodes.Store, access, found.Id);
        return Nodes.Rights.WhyNotRead(account.Nodes, found, asker, audience) is null;
    }

    /// <summary>
    /// In a transaction: a card was written. Its picture is published, and the card without it returned; a card without a
    /// picture takes the published one off.
    /// </summary>
    public byte[] Take(Transaction transaction, Account account, byte[] card, List<NodeChange> changes)
    {
        Element root = XmlFragment.Parse(card).Root;
        Avatar? photo = Avatar.OfCard(root);
        bool isOther = photo is null && root.Child("PHOTO").FirstChild.Exists;
        if (isOther)
            return card;
        Avatar? current = Read(transaction, account, out _);
        if (photo is not null && photo.Hash != current?.Hash)
        {
            changes.Add(Publish(account, Avatar.DataNode, photo.Hash, photo.ToData()));
            changes.Add(Publish(account, Avatar.MetadataNode, photo.Hash, photo.ToMetadata()));
        }
        else if (photo is null && current is not null)
        {
            byte[] none = new XmlBuilder(around: "").Empty("metadata", Avatar.MetadataNode).ToArray();
            changes.Add(Publish(account, Avatar.MetadataNode, current.Hash, none));
        }
        foreach (NodeChange change in changes)
            change.Write(transaction);
        return Without(card).ToArray();
    }

    // Cards are for whoever may reach the account: so is a picture that begins as part of one.
    private Publication Publish(Account account, string node, string id, byte[] payload) =>
        new(Nodes, account.Nodes, node)
        {
            ItemName = id,
            Payload = payload,
            Beginning = PersonalNode.Public,
        };

    private static XmlBuilder Without(byte[]? card, int extra = 0)
    {
        var builder = new XmlBuilder(capacity: (card?.Length ?? 0) + extra + 256);
        builder.Start("vCard", VCards.Ns);
        if (card is not null)
            foreach (Element child in XmlFragment.Parse(card).Root.Children)
                if (!child.Is("PHOTO", VCards.Ns))
                    builder.Copy(child.Bytes.Span);
        return builder;
    }
}
