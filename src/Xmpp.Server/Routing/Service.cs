using System.Collections.Concurrent;
using Xmpp.Addresses;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>
/// Whoever answers at a domain that is not the household's own: rooms, a component, the push service, other servers. The
/// gate and the sender's block list have let a local sender's stanza pass. A fault is thrown as
/// <see cref="StanzaErrorException"/> before anything is performed; otherwise each stanza is performed once, by
/// <see cref="Origin.Perform"/> or <see cref="Origin.Answer"/>, with an effect that does nothing where nothing is to be done.
/// Called by the reader of the sender's stream, or by the writer; it never waits but in <see cref="TakeIqAsync"/>.
/// </summary>
public abstract class Service
{
    /// <summary>Its domain.</summary>
    public abstract Jid Address { get; }

    /// <summary>What a client here sends, before anything is done with it.</summary>
    /// <exception cref="StanzaErrorException">It cannot go there.</exception>
    public virtual void Admit(Household.Account account, Stanza stanza) { }

    /// <summary>A message of the house, or of another service, may be given to <see cref="Keep"/>.</summary>
    public virtual bool CanKeep(Stanza message) => false;

    /// <summary>
    /// Keeps a stanza of the house in the transaction of what it tells of. What is returned sends it, after the commit; null:
    /// it is to be given to <see cref="TakePresence"/> or <see cref="TakeMessage"/> then, as any other.
    /// </summary>
    public virtual Action? Keep(Stores.Transaction transaction, Stanza stanza) => null;

    /// <summary>Any message, errors included.</summary>
    public abstract void TakeMessage(Origin origin, Stanza message);

    /// <summary>
    /// Any presence: directed and its withdrawal as the session goes, and for those who are subscribed broadcasts,
    /// subscription stanzas and probes.
    /// </summary>
    public abstract void TakePresence(Origin origin, Stanza presence);

    /// <summary>Any IQ, results and errors included; only what the sender itself must wait for is awaited.</summary>
    public abstract ValueTask TakeIqAsync(Origin origin, Stanza iq, CancellationToken cancellation);
}

/// <summary>The services by their domains.</summary>
public sealed class Services
{
    private readonly ConcurrentDictionary<string, Service> _services = new(StringComparer.Ordinal);

    /// <summary>Answers for all other domains, as federation does; null: they do not exist.</summary>
    public Service? Elsewhere { get; set; }

    /// <summary>False when the domain is taken.</summary>
    public bool Add(Service service) => _services.TryAdd(service.Address.Domain, service);

    public bool Remove(Service service) => _services.TryRemove(new(service.Address.Domain, service));

    /// <summary>Who answers at a domain of ours; null when it is none.</summary>
    public Service? At(string domain) => _services.GetValueOrDefault(domain);

    /// <summary>Who answers for a domain that is not the household's own; null when nobody does.</summary>
    public Service? Find(string domain) => At(domain) ?? Elsewhere;
}
