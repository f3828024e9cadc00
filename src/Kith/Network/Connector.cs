using System.Net;
using System.Net.Sockets;
using Dns;

namespace Kith.Network;

/// <summary>Where a service may be: one of the hosts that its SRV records name, or a plain host.</summary>
internal sealed record Candidate(string Host, int Port);

/// <summary>What became of connecting.</summary>
/// <param name="Socket">The connection, which belongs to the caller; null when there is none.</param>
/// <param name="Candidate">Whose it is: its place in the list. Who is not content with it goes on behind.</param>
/// <param name="Faults">For a log: why it could not be another one, in order.</param>
internal sealed record Connection(Socket? Socket, int Candidate, IReadOnlyList<string> Faults);

/// <summary>
/// Connects to a service as soon as one of its addresses answers (RFC 8305). Candidates come one after the other, as RFC 2782 wants
/// it: the next one only when no address of the one before can be reached. The addresses of one race.
/// </summary>
internal sealed class Connector(HostNames names, TimeProvider time)
{
    /// <summary>What one candidate may take, its name included.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Which addresses may be connected to.</summary>
    public Func<IPAddress, bool> May { get; init; } = static _ => true;

    /// <summary>The first candidate that can be reached.</summary>
    /// <exception cref="OperationCanceledException">Cancelled by the caller.</exception>
    public async Task<Connection> ConnectAsync(IReadOnlyList<Candidate> candidates, CancellationToken cancellation)
    {
        var faults = new List<string>();
        for (int i = 0; i < candidates.Count; i++)
        {
            Candidate candidate = candidates[i];
            var race = new Race(DialAsync, time);
            using var patience = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
            try
            {
                if (await race.RunAsync(LookUps(candidate, either.Token), candidate.Port, either.Token) is { } socket)
                    return new(socket, i, faults);
                faults.Add($"{candidate.Host}: {string.Join("; ", race.Faults)}");
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                faults.Add($"{candidate.Host}: {string.Join("; ", [.. race.Faults, "nobody answered in time"])}");
            }
        }

        return new(null, candidates.Count, faults);
    }

    /// <summary>The first of a host's addresses that can be reached.</summary>
    /// <exception cref="IOException">None of them; the message says why.</exception>
    public async Task<Socket> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellation)
    {
        var race = new Race(DialAsync, time);
        return await race.RunAsync([Task.FromResult(new HostNames.Addresses(addresses, null))], port, cancellation)
            ?? throw new IOException(string.Join("; ", race.Faults));
    }

    private Task<HostNames.Addresses>[] LookUps(Candidate candidate, CancellationToken cancellation) =>
        IPAddress.TryParse(candidate.Host, out IPAddress? literal)
            ? [Task.FromResult(new HostNames.Addresses([literal], null))]
            :
            [
                names.LookUpAsync(candidate.Host, RecordType.AAAA, cancellation),
                names.LookUpAsync(candidate.Host, RecordType.A, cancellation),
            ];

    private async Task<Socket> DialAsync(IPEndPoint address, CancellationToken cancellation)
    {
        if (!May(address.Address))
            throw new IOException("such addresses are not connected to");
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
