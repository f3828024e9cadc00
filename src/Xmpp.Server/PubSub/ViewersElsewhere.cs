using System.Collections.Concurrent;
using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.PubSub;

/// <summary>
/// Clients of contacts at other servers that are there, as far as they see an account: what they want to hear of its nodes
/// is asked of them in its name (XEP-0163 §4.2), and kept only when it hashes to what their presence said (XEP-0115 §5.4).
/// Used on the writer's thread.
/// </summary>
internal sealed class ViewersElsewhere(Nodes nodes, Account account)
{
    private const int Most = 1000;
    private readonly ConcurrentDictionary<Jid, Viewer> _viewers = new();

    private sealed record Viewer(string Ver)
    {
        public ClientSoftware? Software { get; set; }
    }

    private XmppServer Server => nodes.Server;

    /// <summary>What the presence of somebody elsewhere, which has reached the account, says of its client.</summary>
    public static void Note(Nodes nodes, Account account, Stanza presence)
    {
        Jid client = presence.From!;
        bool there = presence.Type == StanzaType.Available && client.IsFull;
        if (there && !nodes.Server.Home.IsWatcher(account, client))
            return;
        ViewersElsewhere? viewers = account.ViewersElsewhere;
        if (there)
            (account.ViewersElsewhere = viewers ?? new ViewersElsewhere(nodes, account)).Came(client, presence);
        else if (presence.Type is StanzaType.Unavailable or StanzaType.Error)
            viewers?.Went(client);
    }

    /// <summary>Those that want to hear of a node, gate, block list and the node's own rules aside.</summary>
    public IEnumerable<Jid> Interested(string node) =>
        _viewers.Where(each => each.Value.Software?.Interests.Contains(node) == true).Select(each => each.Key);

    private void Came(Jid client, Stanza presence)
    {
        Element said = presence.Child("c", Ns.Caps);
        string? ver = said.Attribute("hash") == "sha-1" ? said.Attribute("ver") : null;
        if (ver is not { Length: > 0 and <= 64 })
        {
            _viewers.TryRemove(client, out _);
            return;
        }
        if (_viewers.TryGetValue(client, out Viewer? known) ? known.Ver == ver : _viewers.Count >= Most)
            return;
        Viewer viewer = _viewers[client] = new Viewer(ver);
        if (Server.Software.Find(ver) is { } software)
            Recognise(client, viewer, software);
        else
            Ask(client, viewer, $"{said.Attribute("node")}#{ver}");
    }

    private void Ask(Jid client, Viewer viewer, string node) =>
        Server.Questions.Ask(
            account.Jid,
            client,
            StanzaType.Get,
            new XmlBuilder().Start("query", Ns.DiscoInfo).Attribute("node", node).ToArray(),
            answer =>
            {
                bool isThere = _viewers.TryGetValue(client, out Viewer? now) && now == viewer;
                if (isThere && Server.Software.Learn(viewer.Ver, answer) is { } software)
                    Recognise(client, viewer, software);
            }
        );

    private void Recognise(Jid client, Viewer viewer, ClientSoftware software)
    {
        viewer.Software = software;
        nodes.LastItems.Send(account, client, software.Interests);
    }

    // A bare address: all of its clients.
    private void Went(Jid client)
    {
        _viewers.TryRemove(client, out _);
        if (client.IsFull)
            return;
        foreach (Jid each in _viewers.Keys)
            if (each.Bare == client)
                _viewers.TryRemove(each, out _);
    }
}
