using Xmpp.Addresses;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>
/// Stanzas that no local session sends: those of services, of other servers, and of the house to them. Gate and block
/// lists decide as they do between local accounts; what is refused goes back to the origin.
/// </summary>
internal sealed class Arrivals(XmppServer server, Messages messages, Presences presences, Iqs iqs)
{
    /// <summary>Never throws for what the stanza is.</summary>
    public async ValueTask TakeAsync(Origin origin, Stanza stanza, CancellationToken cancellation)
    {
        try
        {
            if (stanza.Type == StanzaType.Invalid || stanza.To is null)
                throw new StanzaErrorException(StanzaError.BadRequest());
            if (stanza.To.Domain == server.Options.Domain)
                await ToTheHouseAsync(origin, stanza, cancellation);
            else
                // Others' stanzas for a third domain are not passed on.
                await ToAsync(server.Dispatcher.Services.At(stanza.To.Domain), origin, stanza, cancellation);
        }
        catch (StanzaErrorException fault)
        {
            origin.Refuse(stanza, fault.Error);
        }
        catch (Exception bug) when (!cancellation.IsCancellationRequested)
        {
            server.Log.Bug(bug, origin.Address);
            origin.Refuse(stanza, StanzaError.InternalServerError());
        }
    }

    /// <summary>The house's own, or a service's, to wherever it is to. An IQ request's answer goes to its <c>from</c>.</summary>
    public void Send(Stanza stanza)
    {
        Jid to = stanza.To!;
        Origin origin = Origin.Elsewhere(server, stanza.From!);
        if (to.Domain == server.Options.Domain)
        {
            _ = TakeAsync(origin, stanza, CancellationToken.None);
            return;
        }
        try
        {
            _ = ToAsync(server.Dispatcher.Services.Find(to.Domain), origin, stanza, CancellationToken.None);
        }
        catch (StanzaErrorException fault)
        {
            Return(stanza, fault.Error);
        }
    }

    // Only a service of ours has to know; what the house itself sends in vain is nobody's loss.
    private void Return(Stanza stanza, StanzaError error)
    {
        bool silent = stanza.Type is StanzaType.Error or StanzaType.Result;
        if (!silent && server.Dispatcher.Services.At(stanza.From!.Domain) is not null)
            Send(stanza.Bounce(error));
    }

    private static ValueTask ToAsync(Service? service, Origin origin, Stanza stanza, CancellationToken cancellation)
    {
        if (service is null)
            throw new StanzaErrorException(StanzaError.RemoteServerNotFound());
        if (stanza.Kind == StanzaKind.Iq)
            return service.TakeIqAsync(origin, stanza, cancellation);
        if (stanza.Kind == StanzaKind.Message)
            service.TakeMessage(origin, stanza);
        else
            service.TakePresence(origin, stanza);
        return ValueTask.CompletedTask;
    }

    private ValueTask ToTheHouseAsync(Origin origin, Stanza stanza, CancellationToken cancellation)
    {
        if (stanza.Kind == StanzaKind.Iq)
            return iqs.FromElsewhereAsync(origin, stanza, cancellation);
        if (stanza.Kind == StanzaKind.Message)
            origin.Perform(stanza, messages.Arriving(origin, stanza));
        else
            origin.Perform(stanza, presences.Arriving(origin, stanza));
        return ValueTask.CompletedTask;
    }
}
