using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Streams;

/// <summary>
/// Making an account on a stream that nobody has signed in on: with an invite's token only (XEP-0445, XEP-0077 §3.1). A
/// reset link's token sets the password of its account in the same way.
/// </summary>
internal sealed class Registering(ClientStream stream)
{
    private const string InviteFeature = "urn:xmpp:invite";
    private const string TokenFeature = "urn:xmpp:ibr-token:0";
    private const string Feature = "http://jabber.org/features/iq-register";

    private const int MostAttempts = 20;

    private int _attempts;
    private bool _done;

    private XmppServer Server => stream.Server;

    public static void WriteFeatures(XmlBuilder features)
    {
        features.Empty("register", TokenFeature);
        features.Empty("register", InviteFeature);
        features.Empty("register", Feature);
    }

    /// <summary>Answers an IQ about registering; false for any other.</summary>
    public async ValueTask<bool> TryAnswerAsync(Element element, CancellationToken cancellation)
    {
        if (!Stanza.TryRead(element, out Stanza? iq, out _) || iq is not { Kind: StanzaKind.Iq })
            return false;
        Element payload = element.FirstChild;
        bool set = iq.Type == StanzaType.Set;
        if (!payload.Is("preauth", Invites.Namespace) && !payload.Is("query", Ns.Register))
            return false;
        if (iq.Type is not (StanzaType.Get or StanzaType.Set))
            return false;
        if (++_attempts > MostAttempts)
            throw new StreamErrorException(StreamErrorCondition.PolicyViolation, "too many attempts");
        Stanza answer;
        try
        {
            byte[] result = payload.Name switch
            {
                "preauth" when set => await PresentAsync(payload, cancellation),
                "query" when set => await RegisterAsync(payload),
                "query" => Form(),
                _ => throw new StanzaErrorException(StanzaError.BadRequest()),
            };
            answer = iq.Result(result);
        }
        catch (StanzaErrorException fault)
        {
            answer = iq.Bounce(fault.Error);
        }
        catch (RefusedException refused)
        {
            answer = iq.Bounce(ErrorOf(refused));
        }
        stream.Transport.Write(answer.With(Jid.Parse(Server.Options.Domain), null), null, default);
        return true;
    }

    // XEP-0445 §4. A token is looked at here and spent where the account is made.
    private async Task<byte[]> PresentAsync(Element preauth, CancellationToken cancellation)
    {
        Guesses guesses = Server.Guesses;
        TimeSpan delay = guesses.Delay(Invites.Guessing, stream.Transport.RemoteAddress);
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, Server.Time, cancellation);
        string token = preauth.Attribute("token") ?? "";
        if (Server.Home.Invites.Find(token) is { State: InviteState.Good, Record.ContactOnly: false })
        {
            stream.PreAuthorization = token;
            return [];
        }
        guesses.Failed(Invites.Guessing, stream.Transport.RemoteAddress);
        throw new StanzaErrorException(StanzaError.ItemNotFound("The provided token is invalid or expired"));
    }

    private byte[] Form()
    {
        var query = new XmlBuilder().Start("query", Ns.Register);
        query.Element(
            "instructions",
            stream.PreAuthorization is null
                ? "An account here needs an invite: open its link in this app or in a browser."
                : "Choose a name and a password."
        );
        string? name = stream.PreAuthorization is { } token ? Server.Home.Invites.Find(token)?.Record.Name : null;
        return query.Element("username", name ?? "").Empty("password").ToArray();
    }

    private async Task<byte[]> RegisterAsync(Element query)
    {
        if (query.Has("remove", Ns.Register))
            throw new StanzaErrorException(StanzaError.UnexpectedRequest("sign in first"));
        if (stream.PreAuthorization is not { } token)
            throw new StanzaErrorException(StanzaError.NotAllowed("An account here needs an invite."));
        if (_done)
            throw new StanzaErrorException(StanzaError.NotAcceptable("one account for one stream"));
        string name = query.Child("username").Text;
        string password = query.Child("password").Text;
        if (name.Length == 0 || password.Length == 0)
            throw new StanzaErrorException(StanzaError.NotAcceptable("a name and a password are needed"));
        Invites invites = Server.Home.Invites;
        if (invites.Find(token)?.Person is { } person)
            await ResetAsync(token, person, name, password);
        else
            await invites.RegisterAsync(token, name, password, timely: true);
        _done = true;
        return [];
    }

    private Task ResetAsync(string token, string person, string name, string password) =>
        People.PrepareName(Server, name) == person
            ? Server.Home.Invites.ResetAsync(token, password, timely: true)
            : throw new RefusedException(Refusal.BadName, $"This link is for {person}.");

    // Words that apps look for stand as they know them.
    private static StanzaError ErrorOf(RefusedException refused) =>
        refused.Why switch
        {
            Refusal.ShortPassword => StanzaError.NotAcceptable("Please use a longer password."),
            Refusal.BadName => StanzaError.NotAcceptable(refused.Message),
            _ => StanzaErrors.From(refused),
        };
}
