using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Xmpp.Server.Federation;

/// <summary>
/// Asks the server that DNS names for a domain whether a dialback key is its own (XEP-0220 §2.1.2), on a connection of its
/// own, whose certificate must be the domain's: so nobody else answers.
/// </summary>
internal sealed class Verification(OtherServers others, string local, string remote)
{
    /// <summary>True for a key that is right.</summary>
    /// <exception cref="PeerException">It could not be asked.</exception>
    public async Task<bool> AskAsync(string stream, string key, CancellationToken cancellation)
    {
        Reaching.Reached reached = await others.Outreach.OpenToVerifyAsync(local, remote, cancellation);
        await using Transport transport = reached.Transport;
        using var patience = new CancellationTokenSource(
            TimeSpan.FromSeconds(others.Server.Options.AuthenticateSeconds),
            others.Server.Time
        );
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            transport.Write(Dialback.Verify(local, remote, stream, key));
            await transport.FlushAsync(both.Token);
            Element answer = await Reaching.NextAsync(transport, both.Token);
            bool right = Reads(answer, stream);
            transport.WriteClose();
            await transport.FlushAsync(both.Token);
            return right;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PeerException(PeerFault.Unreachable, "it does not answer");
        }
        catch (Exception lost) when (lost is IOException or StreamErrorException)
        {
            throw new PeerException(PeerFault.Unreachable, lost.Message);
        }
    }

    // §2.1.2: it is the answer to this question, or none.
    private bool Reads(Element answer, string stream)
    {
        bool asked =
            answer.Is("verify", Dialback.Ns)
            && answer.Attribute("id") == stream
            && OtherServers.IsDomain(answer.Attribute("from"), remote)
            && OtherServers.IsDomain(answer.Attribute("to"), local);
        return asked && answer.Attribute("type") is "valid" or "invalid"
            ? answer.Attribute("type") == "valid"
            : throw new PeerException(PeerFault.Unreachable, "it does not tell");
    }
}
