using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace UploadBench;

/// <summary>Rounds in turns, the first of them not counted; medians, and Kith's part of the bare endpoint's pace.</summary>
internal static class Comparison
{
    private const long Size = 100L << 20;
    private const int Rounds = 9;
    private static readonly byte[] s_piece = new byte[1 << 20];

    private sealed record Figures(List<double> Up, List<double> Down)
    {
        public Figures()
            : this([], []) { }
    }

    public static async Task RunAsync(string work)
    {
        Random.Shared.NextBytes(s_piece);
        int https = Ports.Free();
        string data = Path.Combine(work, "data");
        await using KithServer kith = await KithServer.StartAsync(data, https);
        string folder = Directory.CreateDirectory(Path.Combine(work, "bare")).FullName;
        int port = Ports.Free();
        using Process bare = StartBare(port, folder, Path.Combine(data, "certificates"));
        try
        {
            await Ports.OpenAsync(port, bare);
            foreach (Version version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
                await CompareAsync(kith, https, bare.Id, port, version);
        }
        finally
        {
            bare.Kill();
            await bare.WaitForExitAsync();
        }
    }

    private static Process StartBare(int port, string folder, string certificates)
    {
        string[] pem = Directory.GetFiles(certificates);
        string certificate = pem.First(file => File.ReadAllText(file).Contains("BEGIN CERTIFICATE"));
        string key = pem.First(file => File.ReadAllText(file).Contains("PRIVATE KEY"));
        return Process.Start(
            new ProcessStartInfo(
                Environment.ProcessPath!,
                [
                    .. Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal)
                        ? (string[])[typeof(Comparison).Assembly.Location]
                        : [],
                    "bare",
                    $"{port}",
                    folder,
                    certificate,
                    key,
                ]
            )
        )!;
    }

    private static async Task CompareAsync(KithServer kith, int kithPort, int bareId, int barePort, Version version)
    {
        using HttpClient toKith = Client(kithPort, version);
        using HttpClient toBare = Client(barePort, version);
        Figures ours = new();
        Figures theirs = new();
        TimeSpan ourCpu = default;
        TimeSpan theirCpu = default;
        for (int round = 0; round <= Rounds; round++)
        {
            if (round == 1)
                (ourCpu, theirCpu) = (Cpu(kith.Id), Cpu(bareId));
            (Uri put, Uri get) = await kith.SlotAsync(Size);
            await RoundAsync(toKith, put, get, ours);
            var file = new Uri($"https://bench.localhost:{barePort}/file{round % 2}");
            await RoundAsync(toBare, file, file, theirs);
        }
        Console.WriteLine($"HTTP/{version}, {Size >> 20} MiB, median of {Rounds}    Kith MiB/s   bare MiB/s   part");
        Print("up, synced", ours.Up, theirs.Up);
        Print("down", ours.Down, theirs.Down);
        double ourMs = (Cpu(kith.Id) - ourCpu).TotalMilliseconds / Rounds;
        double theirMs = (Cpu(bareId) - theirCpu).TotalMilliseconds / Rounds;
        Console.WriteLine($"  server CPU for both, ms{ourMs, 20:0}{theirMs, 13:0}");
    }

    private static TimeSpan Cpu(int process)
    {
        using Process looked = Process.GetProcessById(process);
        return looked.TotalProcessorTime;
    }

    private static void Print(string what, List<double> ours, List<double> theirs)
    {
        double kith = Median(ours);
        double bare = Median(theirs);
        Console.WriteLine($"  {what, -26}{kith, 17:0}{bare, 13:0}{kith / bare, 7:0.00}");
    }

    private static double Median(List<double> figures) => figures.Skip(1).Order().ElementAt((figures.Count - 1) / 2);

    private static HttpClient Client(int port, Version version)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        return new HttpClient(handler)
        {
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    private static async Task RoundAsync(HttpClient http, Uri put, Uri get, Figures figures)
    {
        long start = Stopwatch.GetTimestamp();
        using (HttpResponseMessage up = await http.PutAsync(put, new Pieces()))
            if (up.StatusCode != HttpStatusCode.Created)
                throw new InvalidOperationException($"{up.StatusCode}: {await up.Content.ReadAsStringAsync()}");
        figures.Up.Add((Size >> 20) / Stopwatch.GetElapsedTime(start).TotalSeconds);
        start = Stopwatch.GetTimestamp();
        using HttpResponseMessage down = await http.GetAsync(get, HttpCompletionOption.ResponseHeadersRead);
        await using Stream body = await down.Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 17];
        long length = 0;
        for (int read; (read = await body.ReadAsync(buffer)) > 0; )
            length += read;
        if (length != Size)
            throw new InvalidOperationException($"{length} bytes came");
        figures.Down.Add((Size >> 20) / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private sealed class Pieces : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (long at = 0; at < Size; at += s_piece.Length)
                await stream.WriteAsync(s_piece);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Size;
            return true;
        }
    }
}
