using System.Text;

namespace Xmpp.Sasl;

/// <summary>PLAIN, client side (RFC 4616).</summary>
public sealed class PlainClient(string user, string password, string authzid = "") : ClientMechanism("PLAIN")
{
    public override byte[] Start() => Encoding.UTF8.GetBytes($"{authzid}\0{user}\0{password}");
}
