using Xmpp.Sasl;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Streams;

/// <summary>
/// One SASL exchange, whichever profile carries it: base64, the mechanism, who may sign in, and the slowing down of
/// guesses. What a failure says and how long it takes do not depend on whether the account exists.
/// </summary>
internal sealed class SaslExchange
{
    private readonly ClientStream _stream;
    private readonly ServerMechanism _mechanism;
    private readonly WatchedAccounts _accounts;

    private SaslExchange(ClientStream stream, ServerMechanism mechanism, WatchedAccounts accounts) =>
        (_stream, _mechanism, _accounts) = (stream, mechanism, accounts);

    /// <summary>Who signed in, after a success.</summary>
    public Account? Account { get; private set; }

    public ServerMechanism Mechanism => _mechanism;

    /// <summary>Begins; null when the mechanism was not offered.</summary>
    public static SaslExchange? Start(
        ClientStream stream,
        string mechanism,
        MechanismList offered,
        Func<SaslContext, ServerMechanism?>? other = null
    )
    {
        var accounts = new WatchedAccounts(stream.Server.Accounts);
        var context = new SaslContext(accounts, stream.Server.Options.Domain, stream.Server.Options.Secret, offered);
        ServerMechanism? made = other?.Invoke(context) ?? ServerMechanism.Create(mechanism, context);
        return made is null ? null : new SaslExchange(stream, made, accounts);
    }

    /// <summary>The client's next message as it stands in the element (base64; <c>=</c> for an empty initial response).</summary>
    public async ValueTask<SaslStep> NextAsync(string text, bool initial, CancellationToken cancellation)
    {
        if (!TryDecode(text, initial, out byte[] input))
            return SaslStep.Failure(SaslFailure.IncorrectEncoding);
        SaslStep step = _mechanism.Next(input);
        if (step.Outcome == SaslOutcome.Challenge)
            return step;
        string asked = _accounts.Asked ?? "";
        TimeSpan delay = _stream.Server.Guesses.Delay(asked, _stream.Transport.RemoteAddress);
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, _stream.Server.Time, cancellation);
        if (step.Outcome == SaslOutcome.Success)
            step = Admit(step);
        if (step.Outcome == SaslOutcome.Success)
        {
            _stream.Server.Guesses.Succeeded(asked, _stream.Transport.RemoteAddress);
            return step;
        }
        if (step.Condition is SaslFailure.NotAuthorized)
            _stream.Server.Guesses.Failed(asked, _stream.Transport.RemoteAddress);
        _stream.Server.Log.SignInFailed(
            _stream.Transport.RemoteAddress.ToString(),
            $"{_mechanism.Name} {step.Condition.ElementName()}"
        );
        return step;
    }

    // Only who has proved to be the owner hears that the account is locked or over.
    private SaslStep Admit(SaslStep step)
    {
        if (_stream.Server.Accounts.Find(step.User!) is not { } account)
            return SaslStep.Failure(SaslFailure.NotAuthorized);
        AccountRecord record = account.Record;
        bool over = record.Expires is { } end && end <= _stream.Server.Time.GetUtcNow();
        if (record.Locked || over)
            return SaslStep.Failure(SaslFailure.AccountDisabled);
        Account = account;
        _stream.Generation = _accounts.Generation;
        return step;
    }

    private static bool TryDecode(string text, bool initial, out byte[] input)
    {
        input = [];
        if (text.Length == 0 || (initial && text == "="))
            return true;
        var buffer = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, buffer, out int written))
            return false;
        input = buffer[..written];
        return true;
    }

    /// <summary>Remembers whose keys were asked for, so that a failure is counted for that name.</summary>
    private sealed class WatchedAccounts(Accounts accounts) : ISaslAccounts
    {
        private readonly ISaslAccounts _inner = accounts;
        public string? Asked { get; private set; }

        /// <summary>Taken before the keys are read: a password that changes while it is proved does not count.</summary>
        public int Generation { get; private set; }

        public string? PrepareUser(string name)
        {
            Asked = _inner.PrepareUser(name);
            Generation = accounts.Generation(Asked ?? "");
            return Asked;
        }

        public string? PreparePassword(string password) => _inner.PreparePassword(password);

        public ScramKeys? Find(string user, ScramHash hash) => _inner.Find(user, hash);
    }
}
