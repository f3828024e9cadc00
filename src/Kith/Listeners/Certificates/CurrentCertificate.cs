using System.Security.Cryptography;
using Kith.Options;

namespace Kith.Listeners.Certificates;

/// <summary>
/// The certificate that every TLS listener uses now. It follows the files that it comes from, or renews itself; the new
/// one holds for new connections and drops none. A broken one is logged, and the old one stays.
/// </summary>
internal sealed partial class CurrentCertificate : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    private readonly Lock _checking = new();
    private readonly ICertificateSource _source;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private volatile ServerCertificate _current;
    private string? _problem;
    private bool _told;

    /// <summary>Loads the first certificate; fails as <see cref="ICertificateSource.First"/> does.</summary>
    /// <param name="options">The domain, and where the certificate comes from.</param>
    /// <param name="dataDirectory">Where relative paths start, and what the box makes itself is kept.</param>
    public CurrentCertificate(
        KithOptions options,
        string dataDirectory,
        TimeProvider time,
        ILogger<CurrentCertificate> log
    )
    {
        _log = log;
        if (options.Tls.Mode == TlsMode.Acme)
            LogNoAcme();
        _source = options.Tls is { Mode: TlsMode.Files, Certificate: { } certificate }
            ? new PemFiles(
                Path.Combine(dataDirectory, certificate),
                Path.Combine(dataDirectory, options.Tls.Key ?? certificate),
                time
            )
            : new SelfSigned(Path.Combine(dataDirectory, "certificates"), options.Domain, time);
        _current = _source.First();
        LogLoaded(_current.Leaf.Subject, _current.NotAfter);
        _timer = time.CreateTimer(_ => Check(), null, _interval, _interval);
    }

    /// <summary>To be asked anew for each connection.</summary>
    public ServerCertificate Value => _current;

    /// <summary>Looks now whether there is a newer one: called by the timer, and on SIGHUP.</summary>
    public void Check()
    {
        lock (_checking)
        {
            try
            {
                if (_source.Newer() is { } newer)
                {
                    _current = newer;
                    LogLoaded(newer.Leaf.Subject, newer.NotAfter);
                }

                _problem = null;
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                Refuse(e);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    // Said once, and only of what is still so at the second look: certificate and key are not replaced in one moment.
    private void Refuse(Exception problem)
    {
        bool again = problem.Message == _problem;
        if (again && !_told)
            LogRefused(problem.Message, _current.NotAfter);
        (_problem, _told) = (problem.Message, again);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Certificate {Subject}, good until {NotAfter:u}")]
    private partial void LogLoaded(string subject, DateTimeOffset notAfter);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The new certificate cannot be used, the old one stays (until {NotAfter:u}): {Problem}"
    )]
    private partial void LogRefused(string problem, DateTimeOffset notAfter);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Tls:Mode is acme, which this version cannot do yet: it uses a self-signed certificate. "
            + "With a certificate of your own, set Tls:Mode to files"
    )]
    private partial void LogNoAcme();
}
