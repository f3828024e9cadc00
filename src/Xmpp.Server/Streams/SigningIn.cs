using Xmpp.Sasl;
using Xmpp.Server.Household;
using Xmpp.Xml;

namespace Xmpp.Server.Streams;

/// <summary>Before sign-in: STARTTLS (RFC 6120 §5) and SASL (§6), or SASL2 (XEP-0388).</summary>
internal sealed class SigningIn(ClientStream stream) : NegotiationState
{
    private const int MostAttempts = 5;
    private readonly Registering _registering = new(stream);
    private SaslExchange? _exchange;
    private int _failures;

    public override void WriteFeatures(XmlBuilder features)
    {
        if (stream.Transport.CanStartTls)
        {
            features.Start("starttls", Ns.Tls).Empty("required").End();
            return;
        }
        features.Start("mechanisms", Ns.Sasl);
        foreach (string name in stream.Mechanisms.Names)
            features.Element("mechanism", name);
        features.End();
        if (stream.Transport.IsSecure)
            Sasl2.WriteFeature(features, stream);
        Registering.WriteFeatures(features);
        if (stream.Mechanisms.Bindings.Count > 0)
        {
            features.Start("sasl-channel-binding", "urn:xmpp:sasl-cb:0");
            foreach (ChannelBinding binding in stream.Mechanisms.Bindings)
                features.Start("channel-binding").Attribute("type", binding.Type).End();
            features.End();
        }
    }

    public override async ValueTask<NegotiationState> OnElementAsync(Element element, CancellationToken cancellation)
    {
        if (element.Is("starttls", Ns.Tls) && stream.Transport.CanStartTls)
        {
            stream.Transport.Write("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"u8);
            await stream.Transport.FlushAsync(cancellation);
            await stream.Transport.StartTlsAsync(cancellation);
            return this;
        }
        if (stream.Transport.CanStartTls)
            throw new StreamErrorException(StreamErrorCondition.PolicyViolation, "TLS first");
        if (element.Namespace == Ns.Sasl2)
            return await Sasl2.BeginAsync(stream, this, element, cancellation);
        if (element.Is("iq", Ns.Client) && await _registering.TryAnswerAsync(element, cancellation))
            return this;
        if (element.Namespace != Ns.Sasl)
            throw new StreamErrorException(StreamErrorCondition.NotAuthorized, "sign in first");
        return await SaslAsync(element, cancellation);
    }

    private async ValueTask<NegotiationState> SaslAsync(Element element, CancellationToken cancellation)
    {
        if (element.Name == "abort")
            return Fail(SaslFailure.Aborted);
        if (element.Name == "auth")
            _exchange = SaslExchange.Start(stream, element.Attribute("mechanism") ?? "", stream.Mechanisms);
        else if (element.Name != "response" || _exchange is null)
            return Fail(SaslFailure.MalformedRequest);
        if (_exchange is null)
            return Fail(SaslFailure.InvalidMechanism);
        SaslStep step = await _exchange.NextAsync(element.Text, element.Name == "auth", cancellation);
        switch (step.Outcome)
        {
            case SaslOutcome.Challenge:
                stream.Transport.Write(Sasl("challenge", step.Data));
                return this;
            case SaslOutcome.Success:
                stream.SignedIn(new SignIn(_exchange.Account!, UserAgent.Unknown, UsedPassword: true));
                stream.Transport.Write(Sasl("success", step.Data));
                stream.Transport.Restart();
                return new Binding(stream);
            default:
                return Fail(step.Condition);
        }
    }

    /// <summary>Tells why, in the profile that was used; all that fails on one stream counts together.</summary>
    internal SigningIn Fail(SaslFailure condition, string profile = Ns.Sasl)
    {
        _exchange = null;
        stream.Transport.Write(
            new XmlBuilder(around: "").Start("failure", profile).Empty(condition.ElementName(), Ns.Sasl).ToArray()
        );
        if (++_failures >= MostAttempts)
            throw new StreamErrorException(StreamErrorCondition.PolicyViolation, "too many attempts");
        return this;
    }

    private static byte[] Sasl(string name, byte[] data)
    {
        var builder = new XmlBuilder(around: "").Start(name, Ns.Sasl);
        if (data.Length > 0)
            builder.Text(Convert.ToBase64String(data));
        return builder.ToArray();
    }
}
