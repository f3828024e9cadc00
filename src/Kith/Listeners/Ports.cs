using System.Net;
using Kith.Listeners.OnePort;
using Kith.Options;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Kith.Listeners;

/// <summary>Every port of the appliance, as the settings name them; 0 is off.</summary>
internal static class Ports
{
    public static void Listen(
        KestrelServerOptions kestrel,
        KithOptions options,
        ClientConnections clients,
        PortSwitch everything,
        Admission admission
    )
    {
        Options.ListenOptions listen = options.Listen;
        Open(kestrel, listen.Address, listen.Client, port => port.Run(clients.StartTlsAsync));
        Open(kestrel, listen.Address, listen.ClientTls, port => port.Run(clients.DirectTlsAsync));
        Open(kestrel, listen.Address, listen.Http, port => port.Use(next => admission.Before(next)));
        Open(
            kestrel,
            listen.Address,
            listen.Https,
            port => port.Use(next => admission.Before(connection => everything.RunAsync(connection, next)))
        );
        // What a component proves itself by goes in the clear (XEP-0114 §5).
        if (listen.Component != 0)
            kestrel.ListenLocalhost(listen.Component, port => port.Run(clients.ComponentAsync));
    }

    /// <summary>The ports for other servers.</summary>
    public static void Listen(KestrelServerOptions kestrel, KithOptions options, PeerConnections peers)
    {
        Options.ListenOptions listen = options.Listen;
        Open(kestrel, listen.Address, listen.Server, port => port.Run(peers.StartTlsAsync));
        Open(kestrel, listen.Address, listen.ServerTls, port => port.Run(peers.DirectTlsAsync));
    }

    private static void Open(
        KestrelServerOptions kestrel,
        IPAddress? address,
        int port,
        Action<Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions> configure
    )
    {
        if (port == 0)
            return;
        if (address is null)
            kestrel.ListenAnyIP(port, Configure);
        else
            kestrel.Listen(address, port, Configure);

        void Configure(Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions opened)
        {
            opened.Use(next => Endings.Before(next));
            configure(opened);
        }
    }

    /// <summary>The open ports in words, for the first line of the log.</summary>
    public static string Describe(Options.ListenOptions listen)
    {
        (string Name, int Port)[] all =
        [
            ("https", listen.Https),
            ("http", listen.Http),
            ("client", listen.Client),
            ("client TLS", listen.ClientTls),
            ("server", listen.Server),
            ("server TLS", listen.ServerTls),
            ("component", listen.Component),
            ("relay", listen.Relay),
            ("relay TLS", listen.RelayTls),
        ];
        return string.Join(", ", all.Where(entry => entry.Port != 0).Select(entry => $"{entry.Name} {entry.Port}"));
    }
}
