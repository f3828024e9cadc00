namespace Kith.Options;

// What makes the table short: one function per section.
internal static partial class SettingsTable
{
    private static Setting<T> Row<T>(
        string key,
        Kind<T> kind,
        Func<KithOptions, T> get,
        Func<KithOptions, T, KithOptions> with,
        string meaning,
        bool isSecret = false
    ) => new(key, kind, get, with, meaning) { IsSecret = isSecret };

    private static Setting<T> Listen<T>(
        string name,
        Kind<T> kind,
        Func<ListenOptions, T> get,
        Func<ListenOptions, T, ListenOptions> with,
        string meaning
    ) => Row($"Listen:{name}", kind, o => get(o.Listen), (o, v) => o with { Listen = with(o.Listen, v) }, meaning);

    private static Setting<T> Home<T>(
        string name,
        Kind<T> kind,
        Func<HomeOptions, T> get,
        Func<HomeOptions, T, HomeOptions> with,
        string meaning
    ) => Row($"Home:{name}", kind, o => get(o.Home), (o, v) => o with { Home = with(o.Home, v) }, meaning);

    private static Setting<T> Tls<T>(
        string name,
        Kind<T> kind,
        Func<TlsOptions, T> get,
        Func<TlsOptions, T, TlsOptions> with,
        string meaning
    ) => Row($"Tls:{name}", kind, o => get(o.Tls), (o, v) => o with { Tls = with(o.Tls, v) }, meaning);

    private static Setting<T> Federation<T>(
        string name,
        Kind<T> kind,
        Func<FederationOptions, T> get,
        Func<FederationOptions, T, FederationOptions> with,
        string meaning
    ) =>
        Row(
            $"Federation:{name}",
            kind,
            o => get(o.Federation),
            (o, v) => o with { Federation = with(o.Federation, v) },
            meaning
        );

    private static Setting<T> Uploads<T>(
        string name,
        Kind<T> kind,
        Func<UploadsOptions, T> get,
        Func<UploadsOptions, T, UploadsOptions> with,
        string meaning
    ) => Row($"Uploads:{name}", kind, o => get(o.Uploads), (o, v) => o with { Uploads = with(o.Uploads, v) }, meaning);

    private static Setting<T> Relay<T>(
        string name,
        Kind<T> kind,
        Func<RelayOptions, T> get,
        Func<RelayOptions, T, RelayOptions> with,
        string meaning
    ) => Row($"Relay:{name}", kind, o => get(o.Relay), (o, v) => o with { Relay = with(o.Relay, v) }, meaning);

    private static Setting<T> Limits<T>(
        string name,
        Kind<T> kind,
        Func<LimitsOptions, T> get,
        Func<LimitsOptions, T, LimitsOptions> with,
        string meaning
    ) => Row($"Limits:{name}", kind, o => get(o.Limits), (o, v) => o with { Limits = with(o.Limits, v) }, meaning);

    private static Setting<T> Sessions<T>(
        string name,
        Kind<T> kind,
        Func<SessionsOptions, T> get,
        Func<SessionsOptions, T, SessionsOptions> with,
        string meaning
    ) =>
        Row(
            $"Sessions:{name}",
            kind,
            o => get(o.Sessions),
            (o, v) => o with { Sessions = with(o.Sessions, v) },
            meaning
        );

    private static ListKind<T> List<T>(Kind<T> item) => new(item);

    private static MapKind<T> Map<T>(Kind<T> item, string form) => new(item, form);
}
