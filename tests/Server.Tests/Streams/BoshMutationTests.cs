using System.Text;
using Shouldly;
using Xmpp.Server.Streams.Bosh;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Streams;

/// <summary>Any bytes as a request's body: refused or read, never a bug.</summary>
public sealed class BoshMutationTests
{
    private const int Rounds = 20_000;
    private static readonly byte[] _body = Encoding.UTF8.GetBytes(
        """
        <body xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh' xmlns:p='urn:example:p' rid='1573741820'
          sid='x' to='kith.test' wait='60' hold='1' ver='1.6' key='a' newkey='b' pause='60' xmpp:version='1.0'
          xmpp:restart='true' content='text/xml' type='terminate'>
          <message to='juliet@kith.test'><body>Wärst du &amp; ich</body><p:x p:y='1'/></message>
          <iq xmlns='jabber:client' type='get'><ping xmlns='urn:xmpp:ping'/></iq>
        </body>
        """
    );

    [Fact]
    public void Mutated_bodies_are_read_or_refused()
    {
        var random = new Random(124);
        var limits = new XmlLimits();
        int read = 0;
        for (int i = 0; i < Rounds; i++)
        {
            byte[] bytes = Mutate(random);
            if (!BoshRequest.TryRead(bytes, limits, out BoshRequest? request))
                continue;
            read++;
            try
            {
                foreach (Element payload in request.Payloads(limits))
                    payload.Name.ShouldNotBeEmpty();
            }
            catch (StreamErrorException)
            {
                continue;
            }
        }
        read.ShouldBeGreaterThan(Rounds / 20);
    }

    private static byte[] Mutate(Random random)
    {
        byte[] bytes = [.. _body];
        for (int change = random.Next(3); change >= 0; change--)
        {
            int at = random.Next(bytes.Length);
            bytes = random.Next(4) switch
            {
                0 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(9))..]],
                1 => [.. bytes[..at], (byte)"<>&'/:= x"[random.Next(9)], .. bytes[at..]],
                2 => [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]],
                _ => [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]],
            };
            if (bytes.Length == 0)
                break;
        }
        return bytes;
    }
}
