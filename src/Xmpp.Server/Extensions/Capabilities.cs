using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0115 Entity Capabilities: the server's own in its stream features, and those of its clients, asked once for each
/// software and kept only when they hash to what was said.
/// </summary>
internal sealed class Capabilities(XmppServer server) : Extension
{
    private readonly KnownSoftware _known = server.Software;
    private Declarations _declared = null!;
    private volatile Verified? _verified;

    private sealed record Verified(IReadOnlyCollection<DiscoForm> Forms, string Text);

    public override void Declare(Declarations declare)
    {
        _declared = declare;
        declare.Implements("0115", "Entity Capabilities", "1.6.0");
        declare.ServerFeature(Ns.Caps);
        declare.StreamFeatures.Add(Write);
        declare.Available.Add(Learn);
    }

    /// <summary>What the server says of itself (XEP-0030).</summary>
    public DiscoInfo OfServer()
    {
        string? name = server.Options.HomeName is { Length: > 0 } home ? home : null;
        DiscoForm[] forms = [.. _declared.ServerForms.Select(form => form()).OfType<DiscoForm>()];
        return new(
            [new DiscoIdentity("server", "im", name), .. _declared.ServerIdentities],
            _declared.ServerFeatures,
            forms
        );
    }

    /// <summary>The node that stands for the server's capabilities of now (§6.2).</summary>
    public string Node() => $"{server.Options.PublicUrl}#{Verification()}";

    // All but the forms stays as it was declared; for each new stream nothing is hashed again.
    private string Verification()
    {
        DiscoInfo info = OfServer();
        Verified? last = _verified;
        if (last is null || !last.Forms.SequenceEqual(info.Forms))
            _verified = last = new Verified(info.Forms, VerificationString.Of(info));
        return last.Text;
    }

    // §6.3.
    private void Write(XmlBuilder features) =>
        features
            .Start("c", Ns.Caps)
            .Attribute("hash", "sha-1")
            .Attribute("node", server.Options.PublicUrl)
            .Attribute("ver", Verification())
            .End();

    // In the common order: what is published afterwards is told to those who are interested by now.
    private void Learn(Session session, Stanza presence)
    {
        Element said = presence.Child("c", Ns.Caps);
        string? ver = said.Attribute("ver");
        bool usable = said.Attribute("hash") == "sha-1" && ver is { Length: > 0 and <= 64 };
        if (!usable || session.Capabilities == ver)
            return;
        session.Capabilities = ver;
        if (_known.Find(ver!) is { } known)
        {
            Recognise(session, known);
            return;
        }
        byte[] query = new XmlBuilder()
            .Start("query", Ns.DiscoInfo)
            .Attribute("node", $"{said.Attribute("node")}#{ver}")
            .ToArray();
        session.Questions.Ask(query, answer => Keep(session, ver!, answer));
    }

    private void Keep(Session session, string ver, Stanza answer)
    {
        if (_known.Learn(ver, answer) is { } software)
            server.Stores.Database.Enqueue(new Recognition(this, session, ver, software));
    }

    private void Recognise(Session session, ClientSoftware software)
    {
        ClientSoftware? before = session.Software;
        session.Software = software;
        foreach (Action<Session, ClientSoftware?> recognised in _declared.Recognised)
            recognised(session, before);
    }

    private sealed class Recognition(Capabilities capabilities, Session session, string ver, ClientSoftware software)
        : Commit
    {
        public override bool Writes => false;

        // Meanwhile it may have gone, or have become another.
        public override void Released()
        {
            try
            {
                if (session.Capabilities == ver && !session.HasEnded)
                    capabilities.Recognise(session, software);
            }
            catch (Exception bug)
            {
                session.Server.Log.Bug(bug, session.Jid);
            }
        }
    }
}
