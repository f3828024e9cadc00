namespace Xmpp.Server.Extensions;

/// <summary>What the streams between servers speak (<c>Federation/</c>); they are not the dispatcher's, but belong in the list.</summary>
internal sealed class Federating : Extension
{
    public override void Declare(Declarations declare)
    {
        declare.Implements("0178", "Best Practices for Use of SASL EXTERNAL with Certificates", "1.2");
        declare.Implements("0185", "Dialback Key Generation and Validation", "1.0");
        declare.Implements("0220", "Server Dialback", "1.1.1");
        declare.Implements("0288", "Bidirectional Server-to-Server Connections", "1.0.1");
    }
}
