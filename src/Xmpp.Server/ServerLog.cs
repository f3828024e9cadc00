using Microsoft.Extensions.Logging;
using Xmpp.Addresses;

namespace Xmpp.Server;

/// <summary>What the server logs: never bodies, passwords or tokens.</summary>
public sealed partial class ServerLog(ILogger logger)
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected failure while serving {Jid}")]
    private static partial void LogBug(ILogger logger, Exception error, Jid? jid);

    [LoggerMessage(Level = LogLevel.Error, Message = "A stanza of {Jid} was not saved")]
    private static partial void LogWriteFailed(ILogger logger, Exception error, Jid jid);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Jid} signed in over {Transport} from {Remote}")]
    private static partial void LogBound(ILogger logger, Jid jid, string transport, string remote);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Jid} ended: {Reason}")]
    private static partial void LogEnded(ILogger logger, Jid jid, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sign-in failed from {Remote}: {Reason}")]
    private static partial void LogSignInFailed(ILogger logger, string remote, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A stream from {Remote} ended: {Reason}")]
    private static partial void LogStreamEnded(ILogger logger, string remote, string reason);

    public void Bug(Exception error, Jid? jid) => LogBug(logger, error, jid);

    public void WriteFailed(Exception error, Jid jid) => LogWriteFailed(logger, error, jid);

    public void Bound(Jid jid, string transport, string remote) => LogBound(logger, jid, transport, remote);

    public void Ended(Jid jid, string reason) => LogEnded(logger, jid, reason);

    public void SignInFailed(string remote, string reason) => LogSignInFailed(logger, remote, reason);

    public void StreamEnded(string remote, string reason) => LogStreamEnded(logger, remote, reason);
}
