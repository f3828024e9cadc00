using Xmpp.Server.Household;

namespace Server.Tests.Household;

internal static class Links
{
    /// <summary>What its bearer knows.</summary>
    public static string Token(this InviteLink link) => link.Page[(link.Page.LastIndexOf('/') + 1)..];
}
