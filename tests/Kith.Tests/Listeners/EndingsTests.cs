using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Kith.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Kith.Tests.Listeners;

/// <summary>Connections of peers that never read what they asked for (security.md, "Streams": memory kept).</summary>
public sealed class EndingsTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_connection_whose_peer_does_not_read_ends_all_the_same()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                port =>
                    port.Use(_ =>
                        Endings.Before(connection => PourAsync(connection, closed), TimeSpan.FromSeconds(0.2))
                    )
            )
        );
        await using WebApplication app = builder.Build();
        await app.StartAsync();
        string address = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveBufferSize = 4096,
        };
        await peer.ConnectAsync(IPAddress.Loopback, new Uri(address).Port);
        await closed.Task.WaitAsync(_patience);
    }

    // More than all buffers on the way hold.
    private static Task PourAsync(ConnectionContext connection, TaskCompletionSource closed)
    {
        connection.ConnectionClosed.Register(() => closed.TrySetResult());
        connection.Transport.Output.Write(new byte[32 << 20]);
        _ = connection.Transport.Output.FlushAsync().AsTask();
        return Task.CompletedTask;
    }
}
