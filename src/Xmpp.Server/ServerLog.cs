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

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Connected to the server of {Remote} ({Address}) for {Local}, {Way}"
    )]
    private static partial void LogConnected(ILogger logger, string remote, string address, string local, string way);

    [LoggerMessage(Level = LogLevel.Information, Message = "The server of {Remote} is here from {Address}, {Way}")]
    private static partial void LogPeerCame(ILogger logger, string remote, string address, string way);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A server at {Address} was not taken for that of {Remote}: {Why}"
    )]
    private static partial void LogPeerRefused(ILogger logger, string remote, string address, string why);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The certificate of the server of {Remote} at {Address} is not accepted: {Why}"
    )]
    private static partial void LogCertificateRefused(ILogger logger, string remote, string address, string why);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The server of {Remote} was not reached, {Count} stanzas wait: {Why}"
    )]
    private static partial void LogUnreachable(ILogger logger, string remote, int count, string why);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The clock says {Now:u}, which is over: other servers are reached once it is set"
    )]
    private static partial void LogClockBehind(ILogger logger, DateTimeOffset now);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What waits for {Remote} could not be written")]
    private static partial void LogQueueNotWritten(ILogger logger, Exception error, string remote);

    public void Connected(string local, string remote, string address, string way) =>
        LogConnected(logger, remote, address, local, way);

    public void ClockBehind(DateTimeOffset now) => LogClockBehind(logger, now);

    public void PeerCame(string remote, string address, string way) => LogPeerCame(logger, remote, address, way);

    public void PeerResumed(string remote, string address) =>
        LogPeerCame(logger, remote, address, "where its last stream was cut");

    public void PeerRefused(string remote, string address, string why) => LogPeerRefused(logger, remote, address, why);

    public void CertificateRefused(string remote, string address, string why) =>
        LogCertificateRefused(logger, remote, address, why);

    public void Unreachable(string remote, string why, int count) => LogUnreachable(logger, remote, count, why);

    public void QueueNotWritten(Exception error, string remote) => LogQueueNotWritten(logger, error, remote);

    public void Bug(Exception error, Jid? jid) => LogBug(logger, error, jid);

    public void WriteFailed(Exception error, Jid jid) => LogWriteFailed(logger, error, jid);

    public void Bound(Jid jid, string transport, string remote) => LogBound(logger, jid, transport, remote);

    public void Ended(Jid jid, string reason) => LogEnded(logger, jid, reason);

    public void SignInFailed(string remote, string reason) => LogSignInFailed(logger, remote, reason);

    public void StreamEnded(string remote, string reason) => LogStreamEnded(logger, remote, reason);
}
