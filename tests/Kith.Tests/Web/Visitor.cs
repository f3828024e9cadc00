using System.Net;
using System.Text.RegularExpressions;

namespace Kith.Tests.Web;

/// <summary>A page as it came.</summary>
internal sealed record Answer(HttpStatusCode Status, string Html, HttpResponseMessage Response)
{
    public string Header(string name) =>
        Response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(", ", values) : "";
}

/// <summary>A browser as far as these pages need one: it keeps the cookie, sends the form that it was shown, and follows nothing.</summary>
internal sealed partial class Visitor(WebStage stage) : IDisposable
{
    private readonly Dictionary<string, string> _cookies = [];
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = stage.Address,
    };

    /// <summary>All that it keeps, as it sends them; null for none.</summary>
    public string? Cookie
    {
        get => _cookies.Count == 0 ? null : string.Join("; ", _cookies.Select(each => $"{each.Key}={each.Value}"));
        set
        {
            _cookies.Clear();
            foreach (string each in value?.Split("; ") ?? [])
                Keep(each);
        }
    }

    public string Language { get; set; } = "en";

    /// <summary>What is sent with a form besides.</summary>
    public Dictionary<string, string> Extra { get; } =
        new() { ["Sec-Fetch-Site"] = "same-origin", ["Origin"] = "null" };

    public async Task<Answer> LookAsync(string path, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        return await SendAsync(request);
    }

    /// <summary>Looks at the page and sends its form.</summary>
    public async Task<Answer> SubmitAsync(string path, string name, string password, string? mark = null)
    {
        Answer page = await LookAsync(path);
        return await PostAsync(
            path,
            new Dictionary<string, string>
            {
                ["form"] = mark ?? Mark(page.Html),
                ["name"] = name,
                ["password"] = password,
            }
        );
    }

    public async Task<Answer> PostAsync(string path, Dictionary<string, string> fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields),
        };
        foreach (var (name, value) in Extra)
            request.Headers.Add(name, value);
        return await SendAsync(request);
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation("Accept-Language", Language);
        if (Cookie is not null)
            request.Headers.Add("Cookie", Cookie);
        HttpResponseMessage response = await _http.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies))
            foreach (string cookie in cookies)
                Keep(cookie.Split(';')[0]);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }

    private void Keep(string pair)
    {
        string[] halves = pair.Split('=', 2);
        if (halves[1].Length == 0)
            _cookies.Remove(halves[0]);
        else
            _cookies[halves[0]] = halves[1];
    }

    /// <summary>As a script of the page does it.</summary>
    public async Task<Answer> PostJsonAsync(string path, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json, null, "application/json"),
        };
        foreach (var (name, value) in Extra)
            request.Headers.Add(name, value);
        return await SendAsync(request);
    }

    /// <summary>The same without a body.</summary>
    public async Task<Answer> DeleteAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        foreach (var (name, value) in Extra)
            request.Headers.Add(name, value);
        return await SendAsync(request);
    }

    public static string Mark(string html) => MarkField.Match(html).Groups["mark"].Value;

    [GeneratedRegex("name=\"form\" value=\"(?<mark>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MarkField { get; }

    public void Dispose() => _http.Dispose();
}
