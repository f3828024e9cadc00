using Xmpp.Sasl;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Streams;

/// <summary>
/// SASL2 (XEP-0388): one sign-in from <c>&lt;authenticate/&gt;</c> to its success or failure. While it lasts nothing
/// else may come (§2.4). By a token it is FAST (XEP-0484).
/// </summary>
internal sealed class Sasl2 : NegotiationState
{
    private readonly ClientStream _stream;
    private readonly SigningIn _before;
    private readonly Sasl2Request _request;
    private readonly SaslExchange _exchange;
    private readonly ProvedToken? _token;
    private HashUpgrades? _upgrades;
    private byte[] _additional = [];

    private Sasl2(
        ClientStream stream,
        SigningIn before,
        Sasl2Request request,
        SaslExchange exchange,
        ProvedToken? token
    ) => (_stream, _before, _request, _exchange, _token) = (stream, before, request, exchange, token);

    private static IReadOnlyList<string> TokenMechanisms(ClientStream stream) =>
        stream.Server.FastTokens.IsOffered
            ? MechanismList.FastFor(stream.Transport.IsSecure, stream.Transport.Bindings)
            : [];

    /// <summary>§2.1, with what else can be had in the same step.</summary>
    public static void WriteFeature(XmlBuilder features, ClientStream stream)
    {
        features.Start("authentication", Ns.Sasl2);
        foreach (string name in stream.Mechanisms.Names)
            features.Element("mechanism", name);
        features.Start("inline").Empty("sm", Ns.StreamManagement);
        Bind2.WriteFeature(features, stream.Server);
        IReadOnlyList<string> tokens = TokenMechanisms(stream);
        if (tokens.Count > 0)
        {
            features.Start("fast", Sasl2Request.FastNamespace);
            foreach (string name in tokens)
                features.Element("mechanism", name);
            features.End();
        }
        features.End();
        HashUpgrades.WriteFeatures(features);
        features.End();
    }

    public override void WriteFeatures(XmlBuilder features) =>
        throw new StreamErrorException(StreamErrorCondition.BadFormat, "a stream header while signing in");

    /// <summary>The first element of the profile.</summary>
    public static async ValueTask<NegotiationState> BeginAsync(
        ClientStream stream,
        SigningIn before,
        Element element,
        CancellationToken cancellation
    )
    {
        if (!stream.Transport.IsSecure)
            return before.Fail(SaslFailure.EncryptionRequired, Ns.Sasl2);
        if (element.Name != "authenticate")
            return before.Fail(SaslFailure.MalformedRequest, Ns.Sasl2);
        var request = new Sasl2Request(element);
        ProvedToken? token = null;
        SaslExchange? exchange = SaslExchange.Start(
            stream,
            request.Mechanism,
            stream.Mechanisms,
            context => request.UsesToken ? ByToken(stream, request, context, out token) : null
        );
        if (exchange is null)
            return before.Fail(SaslFailure.InvalidMechanism, Ns.Sasl2);
        var signingIn = new Sasl2(stream, before, request, exchange, token);
        return await signingIn.NextAsync(request.InitialResponse, cancellation);
    }

    private static HtServer? ByToken(
        ClientStream stream,
        Sasl2Request request,
        SaslContext context,
        out ProvedToken? token
    )
    {
        token = null;
        if (!TokenMechanisms(stream).Contains(request.Mechanism, StringComparer.Ordinal))
            return null;
        ProvedToken proved = token = new(stream.Server.FastTokens, request);
        return token.Mechanism = HtServer.Create(request.Mechanism, context, proved.Find);
    }

    public override async ValueTask<NegotiationState> OnElementAsync(Element element, CancellationToken cancellation)
    {
        if (element.Is("abort", Ns.Sasl2))
            return Fail(SaslFailure.Aborted);
        if (_upgrades is not null && element.Namespace == Ns.Sasl2)
            return await UpgradeAsync(element);
        if (element.Is("response", Ns.Sasl2))
            return await NextAsync(element.Text, cancellation);
        throw new StreamErrorException(StreamErrorCondition.NotAuthorized, "sign in first");
    }

    private SigningIn Fail(SaslFailure condition) => _before.Fail(condition, Ns.Sasl2);

    private async ValueTask<NegotiationState> NextAsync(string text, CancellationToken cancellation)
    {
        SaslStep step = await _exchange.NextAsync(text, initial: false, cancellation);
        switch (step.Outcome)
        {
            case SaslOutcome.Challenge:
                Write(new XmlBuilder(around: "").Element("challenge", Convert.ToBase64String(step.Data), Ns.Sasl2));
                return this;
            case SaslOutcome.Success when !Sasl2Request.Agrees(_stream.Header, _exchange.Account!):
                return Fail(SaslFailure.InvalidAuthzid);
            case SaslOutcome.Success:
                _additional = step.Data;
                return await ProvedAsync();
            default:
                return Fail(step.Condition);
        }
    }

    // Who it is stands proved; by the password, the client may owe keys first.
    private async ValueTask<NegotiationState> ProvedAsync()
    {
        Account account = _exchange.Account!;
        if (_token is not null)
        {
            (SaslFailure? refusal, IssuedToken? next) = await _token.UseAsync(account, TokenMechanisms(_stream));
            if (refusal is not { } failure)
                return await SucceedAsync(next);
            string remote = _stream.Transport.RemoteAddress.ToString();
            _stream.Server.Log.SignInFailed(remote, $"{_request.Mechanism} {failure.ElementName()}");
            return Fail(failure);
        }
        _upgrades = HashUpgrades.For(_stream, account, _request.Upgrades);
        if (_upgrades is null)
            return await SucceedAsync(await IssueAsync(account));
        Continue();
        return this;
    }

    private async ValueTask<NegotiationState> UpgradeAsync(Element element)
    {
        (bool good, byte[]? answer) = await _upgrades!.TakeAsync(element);
        if (!good)
            return Fail(SaslFailure.MalformedRequest);
        if (answer is not null)
            _stream.Transport.Write(answer);
        else if (_upgrades.IsDone)
            return await SucceedAsync(await IssueAsync(_exchange.Account!));
        else
            Continue();
        return this;
    }

    // §2.6.3. The mechanism's own last word goes with the first answer after it.
    private void Continue()
    {
        XmlBuilder proceed = Start("continue");
        _upgrades!.WriteTasks(proceed);
        Write(proceed);
    }

    private XmlBuilder Start(string name)
    {
        XmlBuilder answer = new XmlBuilder(around: "").Start(name, Ns.Sasl2);
        if (_additional.Length > 0)
            answer.Element("additional-data", Convert.ToBase64String(_additional));
        _additional = [];
        return answer;
    }

    private async ValueTask<IssuedToken?> IssueAsync(Account account) =>
        _request.TokenFor(TokenMechanisms(_stream)) is { } mechanism
            ? await _stream.Server.FastTokens.IssueAsync(
                account,
                _request.Agent,
                mechanism,
                usedPassword: true,
                () => _stream.IsCurrent(account)
            )
            : null;

    // §2.6.1: then what was asked for beside it, a resumption before a new session.
    private async ValueTask<NegotiationState> SucceedAsync(IssuedToken? token)
    {
        Account account = _exchange.Account!;
        _stream.SignedIn(new SignIn(account, _request.Agent, UsedPassword: _token is null, _token?.Device));
        var binding = new Binding(_stream);
        InlineResult inline = await Inline.RunAsync(binding, _stream.Server, account, _request);
        XmlBuilder success = Start("success")
            .Element("authorization-identifier", (inline.Session?.Jid ?? account.Jid).ToString())
            .Copy(inline.Answers);
        if (token is not null)
            success
                .Start("token", Sasl2Request.FastNamespace)
                .Attribute("token", token.Token)
                .Attribute("expiry", XmlText.Stamp(token.Expires))
                .End();
        Write(success);
        if (!inline.Resumed)
            _stream.WriteFeatures(
                inline.Session is { } session
                    ? features => binding.WriteBoundFeatures(features, session.IsManaged)
                    : binding.WriteFeatures
            );
        return inline.Session is null ? binding : Ready.Now;
    }

    private void Write(XmlBuilder element) => _stream.Transport.Write(element.ToArray());
}

/// <summary>The token that a client proves: looked up while the mechanism runs, spent once it has succeeded.</summary>
internal sealed class ProvedToken(FastTokens tokens, Sasl2Request request)
{
    private IReadOnlyList<(FastTokenRecord Record, byte[] Token)> _found = [];

    public HtServer? Mechanism { get; set; }

    /// <summary>Whose token it is, once it was proved; null where its last use ended the device.</summary>
    public long? Device { get; private set; }

    private FastTokenRecord Used => _found[Mechanism!.Matched].Record;

    public IReadOnlyList<byte[]> Find(string name)
    {
        _found = tokens.Find(name, request.Agent, request.Mechanism);
        return [.. _found.Select(found => found.Token)];
    }

    public async ValueTask<(SaslFailure? Refusal, IssuedToken? Next)> UseAsync(
        Account account,
        IReadOnlyList<string> offered
    )
    {
        if (request.TokenUse(offered) is not { } use)
            return (SaslFailure.MalformedRequest, null);
        Device = use.Leaves ? null : Used.Device;
        return await tokens.UseAsync(account, Used, use);
    }
}
