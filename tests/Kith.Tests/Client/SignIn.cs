using Xmpp.Sasl;
using Xmpp.Xml;

namespace Kith.Tests.Client;

/// <summary>Who signs in, and where.</summary>
/// <param name="Port">Of the listener with STARTTLS, or of the one with direct TLS.</param>
internal sealed record Door(string Domain, int Port, bool DirectTls);

/// <summary>From a port to a stream on which a resource can be bound: TLS and SASL (RFC 6120 §5, §6).</summary>
internal static class SignIn
{
    public static async Task<Wire> ConnectAsync(Door door, string user, string password, bool plain = false)
    {
        Wire wire = await Wire.ConnectAsync(door.Port);
        try
        {
            if (door.DirectTls)
                await wire.SecureAsync(door.Domain, direct: true);
            else
                await StartTlsAsync(wire, door.Domain);
            ClientMechanism mechanism = plain
                ? new PlainClient(user, password)
                : new ScramClient(ScramHash.Sha256, user, password);
            await AuthenticateAsync(wire, door.Domain, mechanism);
            return wire;
        }
        catch
        {
            wire.Dispose();
            throw;
        }
    }

    private static async Task StartTlsAsync(Wire wire, string domain)
    {
        Element features = await wire.OpenAsync(domain);
        Require(features.Has("starttls", Ns.Tls), features);
        await wire.SendAsync($"<starttls xmlns='{Ns.Tls}'/>");
        Element proceed = await wire.ReadAsync();
        Require(proceed.Is("proceed", Ns.Tls), proceed);
        await wire.SecureAsync(domain, direct: false);
    }

    private static async Task AuthenticateAsync(Wire wire, string domain, ClientMechanism mechanism)
    {
        Element features = await wire.OpenAsync(domain);
        Require(features.Has("mechanisms", Ns.Sasl), features);
        await wire.SendAsync(
            $"<auth xmlns='{Ns.Sasl}' mechanism='{mechanism.Name}'>{Convert.ToBase64String(mechanism.Start())}</auth>"
        );
        Element answer = await wire.ReadAsync();
        while (answer.Is("challenge", Ns.Sasl))
        {
            byte[] response =
                mechanism.Respond(Convert.FromBase64String(answer.Text))
                ?? throw new IOException("the server is not to be trusted");
            await wire.SendAsync($"<response xmlns='{Ns.Sasl}'>{Convert.ToBase64String(response)}</response>");
            answer = await wire.ReadAsync();
        }
        Require(answer.Is("success", Ns.Sasl) && mechanism.Accept(Convert.FromBase64String(answer.Text)), answer);
        features = await wire.OpenAsync(domain);
        Require(features.Has("bind", Ns.Bind) && features.Has("sm", Ns.StreamManagement), features);
    }

    private static void Require(bool expected, Element got)
    {
        if (!expected)
            throw new UnexpectedException($"signing in: {(got.Exists ? got.ToString() : "the stream ended")}");
    }
}

/// <summary>The server did what it must not do: no lost connection, but a finding.</summary>
internal sealed class UnexpectedException(string message) : Exception(message);
