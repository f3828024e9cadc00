using Xmpp.Xml;

namespace Xmpp.Server.Federation;

/// <summary>Dialback on a stream that another server began, both as who receives and as who is asked (XEP-0220 §2.2).</summary>
internal sealed partial class IncomingStream
{
    private const int MostVerifications = 8;
    private const int MostPairs = 64;
    private readonly List<Task> _verifications = [];
    private int _doubts;
    private readonly Lock _verifying = new();

    // §2.2.1: it asks to send from a domain to one of ours.
    private void TakeResult(Element result)
    {
        if (result.Attribute("type") is not null)
            throw new StreamErrorException(StreamErrorCondition.PolicyViolation, "an answer to no question");
        if (
            !OtherServers.TryDomain(result.Attribute("from"), out string? remote)
            || !OtherServers.TryDomain(result.Attribute("to"), out string? local)
        )
            throw new StreamErrorException(StreamErrorCondition.ImproperAddressing);
        if (WhyNot(remote, local) is { } condition)
            Say(Dialback.ResultError(local, remote, condition));
        else if (CanProve(remote))
            Accept(remote, local);
        else
            Verify(remote, local, result.Text.Trim());
    }

    private string? WhyNot(string remote, string local)
    {
        if (!Others.IsOurs(local))
            return "item-not-found";
        if (Others.IsOurs(remote) || !Others.MayCome(remote))
        {
            Server.Log.PeerRefused(remote, Transport.RemoteAddress.ToString(), "the settings do not allow it");
            return "not-allowed";
        }
        lock (_verifying)
        {
            _verifications.RemoveAll(task => task.IsCompleted);
            return _verifications.Count >= MostVerifications || Proved >= MostPairs ? "resource-constraint" : null;
        }
    }

    private void Accept(string remote, string local)
    {
        Server.Log.PeerCame(remote, Transport.RemoteAddress.ToString(), "by certificate");
        Admit(remote, local, () => Say(Dialback.ResultAnswer(local, remote, "valid")));
    }

    private void Verify(string remote, string local, string key)
    {
        if (Others.Doubts.WhyNot(remote) is { } condition)
            Doubt(remote, local, condition);
        else if (!Others.Doubts.TryBegin(remote, Transport.RemoteAddress))
            Doubt(remote, local, "resource-constraint");
        else
            lock (_verifying)
                _verifications.Add(VerifyAsync(remote, local, key, _id));
    }

    // Who has proved nothing has so many attempts.
    private void Doubt(string remote, string local, string condition)
    {
        Say(Dialback.ResultError(local, remote, condition));
        if (Interlocked.Increment(ref _doubts) >= MostFailures && !HasProvedAny)
            Close();
    }

    private async Task VerifyAsync(string remote, string local, string key, string id)
    {
        // The reader goes on.
        await Task.Yield();
        try
        {
            bool right = await new Verification(Others, local, remote).AskAsync(id, key, Reading);
            Verified(remote, local, right);
        }
        catch (PeerException fault)
        {
            Server.Log.PeerRefused(
                remote,
                Transport.RemoteAddress.ToString(),
                $"its server could not be asked: {fault.Message}"
            );
            string condition = fault.Fault == PeerFault.NotFound ? "remote-server-not-found" : "remote-server-timeout";
            Others.Doubts.Failed(remote, condition);
            Doubt(remote, local, condition);
        }
        catch (OperationCanceledException)
        {
            // The stream ends.
        }
        catch (StreamErrorException)
        {
            Say(Dialback.ResultError(local, remote, "resource-constraint"));
        }
        catch (Exception bug)
        {
            Server.Log.Bug(bug, null);
            Say(Dialback.ResultError(local, remote, "internal-server-error"));
        }
        finally
        {
            Others.Doubts.End(remote);
        }
    }

    private void Verified(string remote, string local, bool right)
    {
        string remoteAddress = Transport.RemoteAddress.ToString();
        if (right)
        {
            Server.Log.PeerCame(remote, remoteAddress, "by dialback");
            Admit(remote, local, () => Say(Dialback.ResultAnswer(local, remote, "valid")));
            return;
        }
        Server.Log.PeerRefused(remote, remoteAddress, "the key is not that of its server");
        Say(Dialback.ResultAnswer(local, remote, "invalid"));
        if (!HasProvedAny)
            Close();
    }

    private Task EndVerificationsAsync()
    {
        lock (_verifying)
            return Task.WhenAll(_verifications);
    }

    // §2.2.2: is this key ours?
    private void AnswerVerify(Element verify)
    {
        if (verify.Attribute("type") is not null)
            throw new StreamErrorException(StreamErrorCondition.PolicyViolation, "an answer to no question");
        if (
            !OtherServers.TryDomain(verify.Attribute("from"), out string? receiving)
            || !OtherServers.TryDomain(verify.Attribute("to"), out string? local)
            || verify.Attribute("id") is not { } stream
        )
            throw new StreamErrorException(StreamErrorCondition.ImproperAddressing);
        if (!Others.IsOurs(local))
        {
            Say(Dialback.VerifyError(local, receiving, stream, "item-not-found"));
            return;
        }
        bool right = Others.Keys.IsRight(verify.Text.Trim(), receiving, local, stream);
        Say(Dialback.VerifyAnswer(local, receiving, stream, right ? "valid" : "invalid"));
    }
}
