using System.Net;

namespace Xmpp.Server.Streams;

/// <summary>
/// A place among the connections from one address on which nobody has signed in (<see cref="ServerOptions.UnauthenticatedPerAddress"/>),
/// for a listener's connection before it is known what it will be. Given back once, when it is disposed of.
/// </summary>
public sealed class Place : IDisposable
{
    private readonly IPAddress _address;
    private Strangers? _strangers;

    internal Place(Strangers strangers, IPAddress address) => (_strangers, _address) = (strangers, address);

    public void Dispose() => Interlocked.Exchange(ref _strangers, null)?.Leave(_address);
}
