using Xmpp.Server.Extensions;

namespace Xmpp.Server.Rooms;

/// <summary>Rooms and what belongs to them, as the server declares it: the service itself is <see cref="RoomService"/>.</summary>
internal sealed class MultiUserChat(XmppServer server) : Extension
{
    public override void Declare(Declarations declare)
    {
        declare.Implements("0045", "Multi-User Chat", "1.35.5");
        declare.Implements("0249", "Direct MUC Invitations", "1.2");
        declare.Implements("0317", "Hats", "0.3.1");
        declare.Implements("0410", "MUC Self-Ping (Schrödinger's Chat)", "1.1.0");
        declare.Implements("0421", "Occupant identifiers for semi-anonymous MUCs", "1.0.1");
        declare.Implements("0425", "Moderated Message Retraction", "0.3.0");
        declare.Implements("0433", "Extended Channel Search", "0.1.0");
        declare.Implements("0486", "MUC Avatars", "0.1.0");
        declare.Implements("0500", "MUC Slow Mode", "0.1.1");
        declare.Implements("0502", "MUC Activity Indicator", "0.1.0");
        declare.Services.Add(server.Rooms);
        declare.ServerItems.Add((server.Options.RoomsDomain, "Rooms"));
    }
}
