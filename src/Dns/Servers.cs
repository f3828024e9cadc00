using System.Net;
using Dns.Protocol;

namespace Dns;

/// <summary>The servers of one configuration: each question goes to one after the other, in rounds, until one answers.</summary>
internal sealed class Servers(Upstream upstream, Exchange exchange)
{
    // Who answered last is asked first, so that a dead one costs its time once.
    private int _first;

    /// <summary>An answer and whether it is trusted to be authentic when it says so; or why there is none.</summary>
    internal readonly record struct Reply(Message? Message, bool Trusted, string? Fault);

    public Upstream Upstream => upstream;

    public async Task<Reply> AskAsync(Question question, CancellationToken cancellation)
    {
        string? fault = null;
        int first = Volatile.Read(ref _first);
        for (int round = 0; round < upstream.Attempts; round++)
        {
            for (int i = 0; i < upstream.Servers.Count; i++)
            {
                int at = (first + i) % upstream.Servers.Count;
                IPEndPoint server = upstream.Servers[at];
                // Some routers throw away what they do not know.
                bool edns = round == 0 || upstream.AlwaysEdns;
                Exchange.Reply reply = await AskAsync(server, question, edns, cancellation);
                string? why = reply.Fault ?? AnswerReader.Refusal(reply.Message!);
                if (why is null)
                {
                    Volatile.Write(ref _first, at);
                    return new(reply.Message, Trusts(upstream, server), null);
                }

                fault = $"{server}: {why}";
            }
        }

        return new(null, false, fault);
    }

    /// <summary>Whether this server's word that something is authentic counts.</summary>
    internal static bool Trusts(Upstream upstream, IPEndPoint server) =>
        upstream.Trusted || IPAddress.IsLoopback(server.Address);

    private async Task<Exchange.Reply> AskAsync(
        IPEndPoint server,
        Question question,
        bool edns,
        CancellationToken cancellation
    )
    {
        Exchange.Reply reply = await exchange.AskAsync(server, question, edns, upstream.Timeout, cancellation);
        bool older =
            edns
            && reply.Message?.Code
                is ResponseCode.FormatError
                    or ResponseCode.NotImplemented
                    or ResponseCode.BadVersion;
        // RFC 6891 §6.2.2.
        return older ? await exchange.AskAsync(server, question, edns: false, upstream.Timeout, cancellation) : reply;
    }
}
