using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using WebPush.Protocol;

namespace WebPush;

/// <summary>
/// An application server of the web's push (RFC 8030): encrypts a message for one browser (RFC 8291), says who it is
/// (RFC 8292), and hands it to that browser's push service.
/// </summary>
/// <remarks>
/// <code>
/// message → encrypted once → attempt → 2xx accepted | 404, 410 gone | other 4xx, 3xx rejected
///                               ↑ 429, 5xx, no answer: Retry-After or back-off, within attempts and time to live
/// </code>
/// </remarks>
public sealed class PushSender : IDisposable
{
    private readonly PushOptions _options;
    private readonly Connector _connector;
    private readonly Vapid _vapid;
    private readonly HttpClient _http;

    /// <exception cref="ArgumentException">An option cannot be used; the message says which.</exception>
    public PushSender(PushOptions options)
        : this(options, new Connector(options).CreateHandler()) { }

    internal PushSender(PushOptions options, HttpMessageHandler handler)
    {
        if (options.Fault() is { } fault)
            throw new ArgumentException(fault, nameof(options));
        _options = options;
        _connector = new Connector(options);
        _vapid = new Vapid(options.Key, options.Contact, options.Time);
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>What browsers subscribe with: <c>applicationServerKey</c>, base64url.</summary>
    public string PublicKey => _vapid.PublicKey;

    /// <summary>A new private key for <see cref="PushOptions.Key"/>, PEM.</summary>
    public static string NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>False for an endpoint that names an address outright which pushes do not go to.</summary>
    public bool MayReach(PushSubscription subscription) => _connector.MayReach(subscription.Endpoint);

    /// <summary>Sends; returns when the push service has it, or it is given up.</summary>
    /// <exception cref="ArgumentException">The message cannot be sent like this.</exception>
    /// <exception cref="OperationCanceledException">Cancelled by the caller.</exception>
    public async Task<PushResult> SendAsync(
        PushSubscription to,
        PushMessage message,
        CancellationToken cancellation = default
    )
    {
        if (message.Fault() is { } fault)
            throw new ArgumentException(fault, nameof(message));
        if (!MayReach(to))
            return NotPublic;
        byte[] content = MessageEncryption.Encrypt(message.Payload.Span, to, _options.PaddedTo);
        long started = _options.Time.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan left = message.TimeToLive - _options.Time.GetElapsedTime(started);
            PushResult result = await TryAsync(Request(to, message, content, left), cancellation);
            if (result.Outcome != PushOutcome.Unavailable || attempt == _options.Attempts)
                return result;
            TimeSpan wait = Wait(attempt, result.RetryAfter);
            left = message.TimeToLive - _options.Time.GetElapsedTime(started);
            if (wait > _options.LongestWait || wait >= left)
                return result;
            await Task.Delay(wait, _options.Time, cancellation);
        }
    }

    private static PushResult NotPublic => new(PushOutcome.Rejected, null, "the endpoint's address is not public");

    // At least what the push service asks for; never all at the same moment.
    private TimeSpan Wait(int attempt, TimeSpan? retryAfter)
    {
        TimeSpan backOff = _options.FirstWait * Math.Pow(2, attempt - 1);
        TimeSpan least = retryAfter > backOff ? retryAfter.Value : backOff;
        return least + (backOff / 4 * Random.Shared.NextDouble());
    }

    private HttpRequestMessage Request(PushSubscription to, PushMessage message, byte[] content, TimeSpan left)
    {
        var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        body.Headers.ContentEncoding.Add("aes128gcm");
        var request = new HttpRequestMessage(HttpMethod.Post, to.Endpoint)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = body,
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("vapid", _vapid.Authorization(to.Endpoint));
        // RFC 8030 §5.2 to §5.4.
        long seconds = (long)Math.Ceiling(Math.Max(0, left.TotalSeconds));
        request.Headers.Add("TTL", seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Urgency", Word(message.Urgency));
        if (message.Topic is not null)
            request.Headers.Add("Topic", message.Topic);
        return request;
    }

    private static string Word(PushUrgency urgency) =>
        urgency switch
        {
            PushUrgency.VeryLow => "very-low",
            PushUrgency.Low => "low",
            PushUrgency.High => "high",
            _ => "normal",
        };

    private async Task<PushResult> TryAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using HttpRequestMessage sent = request;
        using var patience = new CancellationTokenSource(_options.Timeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            // What it says beside the status is of no use here, and is not read.
            using HttpResponseMessage response = await _http.SendAsync(
                sent,
                HttpCompletionOption.ResponseHeadersRead,
                either.Token
            );
            return Read(response);
        }
        catch (HttpRequestException fault) when (fault.InnerException is ForbiddenAddressException)
        {
            return NotPublic;
        }
        catch (HttpRequestException fault)
        {
            return new(PushOutcome.Unavailable, null, fault.InnerException?.Message ?? fault.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(PushOutcome.Unavailable, null, "no answer in time");
        }
    }

    private PushResult Read(HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        PushOutcome outcome = status switch
        {
            >= 200 and < 300 => PushOutcome.Accepted,
            404 or 410 => PushOutcome.Gone,
            408 or 429 or >= 500 => PushOutcome.Unavailable,
            _ => PushOutcome.Rejected,
        };
        return new(outcome, response.StatusCode, string.Create(null, $"the push service answered {status}"))
        {
            RetryAfter = RetryAfter(response.Headers.RetryAfter),
        };
    }

    // RFC 9110 §10.2.3: seconds or a date.
    private TimeSpan? RetryAfter(RetryConditionHeaderValue? said) =>
        said?.Delta ?? said?.Date - _options.Time.GetUtcNow();

    public void Dispose()
    {
        _http.Dispose();
        _vapid.Dispose();
    }
}
