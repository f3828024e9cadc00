using System.Globalization;
using Xmpp.Server.Household;
using Xmpp.Server.PubSub;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0384 OMEMO, in the namespace of now and in that of its version 0.3, which most apps speak: lists and bundles are
/// open to all whom the gate lets pass. Who publishes a bundle tells which device it is, so that ending a device takes its
/// id off the list and its bundle away (laws, "A device").
/// </summary>
internal sealed class Omemo(XmppServer server) : Extension
{
    private const string Axolotl = "eu.siacs.conversations.axolotl";
    private const string AxolotlDevices = Axolotl + ".devicelist";
    private const string AxolotlBundles = Axolotl + ".bundles:";
    private const string Current = "urn:xmpp:omemo:2";
    private const string Devices = Current + ":devices";
    private const string Bundles = Current + ":bundles";

    public override void Declare(Declarations declare)
    {
        declare.Implements("0384", "OMEMO Encryption", "0.9.1");
        // §5.3.1: pubsub's own defaults, but readable without a subscription.
        var open = new PersonalNode { Defaults = PersonalNode.Public };
        declare.PersonalNodes[AxolotlDevices] = open;
        declare.PersonalNodes[Devices] = open;
        declare.PersonalNodes[AxolotlBundles] = open with { Along = Learn };
        declare.PersonalNodes[Bundles] = new PersonalNode
        {
            Defaults = node => PersonalNode.Public(node) with { MaxItems = int.MaxValue },
            Along = Learn,
        };
        declare.DeviceEnded.Add(Forget);
    }

    private IEnumerable<NodeChange> Learn(Transaction transaction, NodeChange change)
    {
        if (change is not Publication { Session: { } session, Item: { } item })
            return [];
        bool isOld = change.Name != Bundles;
        string text = isOld ? change.Name[AxolotlBundles.Length..] : item.Name;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id))
            return [];
        foreach (DeviceRecord device in server.Stores.Accounts.Devices(transaction, session.Account.Id))
        {
            long? known = isOld ? device.OmemoAxolotl : device.Omemo;
            bool own = device.Id == session.Device;
            // The same keys under another row: the app has a new name for itself.
            if (own ? known == id : known != id)
                continue;
            long? next = own ? id : null;
            server.Stores.Accounts.SaveDevice(
                transaction,
                isOld ? device with { OmemoAxolotl = next } : device with { Omemo = next }
            );
        }
        return [];
    }

    private Action? Forget(Transaction transaction, DeviceRecord device)
    {
        if (device is { Omemo: null, OmemoAxolotl: null } || server.Accounts.Find(device.Account) is not { } account)
            return null;
        var changes = new List<NodeChange>();
        if (device.OmemoAxolotl is { } old)
        {
            changes.AddRange(TakeOff(transaction, account, AxolotlDevices, old));
            string bundle = AxolotlBundles + Text(old);
            if (server.Stores.PubSub.Find(transaction, account.Id, bundle) is not null)
                changes.Add(new Deletion(server.Nodes, account.Nodes, bundle));
        }
        if (device.Omemo is { } id)
        {
            changes.AddRange(TakeOff(transaction, account, Devices, id));
            if (server.Nodes.Item(transaction, account, Bundles, Text(id)) is not null)
                changes.Add(server.Nodes.Withdraw(account, Bundles, Text(id)));
        }
        foreach (NodeChange change in changes)
            change.Write(transaction);
        return () => changes.ForEach(change => change.Released());
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    // The list without the device, where it is on it.
    private IEnumerable<NodeChange> TakeOff(Transaction transaction, Account account, string node, long id)
    {
        if (server.Stores.PubSub.Find(transaction, account.Id, node) is not { } found)
            yield break;
        if (server.Stores.PubSub.Last(transaction, found.Id) is not { Payload.Length: > 0 } item)
            yield break;
        Element list = XmlFragment.Parse(item.Payload).Root;
        XmlBuilder rest = new XmlBuilder(around: "").Start(list.Name, list.Namespace);
        bool changed = false;
        foreach (Element device in list.Children)
            if (device.Attribute("id") == Text(id))
                changed = true;
            else
                rest.Copy(device.Bytes.Span);
        if (changed)
            yield return server.Nodes.Publish(account, node, item.Name, rest.ToArray());
    }
}
