using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace UploadBench;

/// <summary>Rounds in turns, the first of them not counted; medians, and Kith's part of the bare endpoint's pace.</summary>
internal static class Comparison
{
    private const long Size = 100L << 20;
    private const int Rounds = 9;
    private static readonly byte[] _piece = new byte[1 << 20];

    private sealed class Figures(int process)
    {
        public List<double> Up { get; } = [];
        public List<double> Down { get; } = [];
        public TimeSpan UpCpu { get; private set; }
        public TimeSpan DownCpu { get; private set; }

        /// <summary>One file up, one down; pace and what the server spent on it.</summary>
        public async Task MeasureAsync(Func<Task> up, Func<Task> down)
        {
            TimeSpan before = Cpu();
            Up.Add(await TimeAsync(up));
            TimeSpan between = Cpu();
            Down.Add(await TimeAsync(down));
            if (Up.Count > 1)
                (UpCpu, DownCpu) = (UpCpu + between - before, DownCpu + Cpu() - between);
        }

        private static async Task<double> TimeAsync(Func<Task> work)
        {
            long start = Stopwatch.GetTimestamp();
            await work();
            return (Size >> 20) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        private TimeSpan Cpu()
        {
            using Process looked = Process.GetProcessById(process);
            return looked.TotalProcessorTime;
        }
    }

    public static async Task RunAsync(string work)
    {
        Random.Shared.NextBytes(_piece);
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
        var ours = new Figures(kith.Id);
        var theirs = new Figures(bareId);
        for (int round = 0; round <= Rounds; round++)
        {
            (Uri put, Uri get) = await kith.SlotAsync(Size);
            await ours.MeasureAsync(() => UpAsync(toKith, put), () => DownAsync(toKith, get));
            var file = new Uri($"https://bench.localhost:{barePort}/file{round % 2}");
            await theirs.MeasureAsync(() => UpAsync(toBare, file), () => DownAsync(toBare, file));
        }
        Console.WriteLine(
            $"HTTP/{version}, {Size >> 20} MiB        Kith MiB/s  bare MiB/s  part  Kith CPU ms  bare CPU ms"
        );
        Print("up, synced", (ours.Up, ours.UpCpu), (theirs.Up, theirs.UpCpu));
        Print("down", (ours.Down, ours.DownCpu), (theirs.Down, theirs.DownCpu));
    }

    private static void Print(
        string what,
        (List<double> Pace, TimeSpan Cpu) ours,
        (List<double> Pace, TimeSpan Cpu) theirs
    )
    {
        (double kith, double bare) = (Median(ours.Pace), Median(theirs.Pace));
        Console.WriteLine(
            $"  {what, -18}{kith, 16:0}{bare, 12:0}{kith / bare, 6:0.00}{ours.Cpu.TotalMilliseconds / Rounds, 13:0}{theirs.Cpu.TotalMilliseconds / Rounds, 13:0}"
        );
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

    private static async Task UpAsync(HttpClient http, Uri put)
    {
        using HttpResponseMessage up = await http.PutAsync(put, new Pieces());
        if (up.StatusCode != HttpStatusCode.Created)
            throw new InvalidOperationException($"{up.StatusCode}: {await up.Content.ReadAsStringAsync()}");
    }

    private static async Task DownAsync(HttpClient http, Uri get)
    {
        using HttpResponseMessage down = await http.GetAsync(get, HttpCompletionOption.ResponseHeadersRead);
        await using Stream body = await down.Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 17];
        long length = 0;
        for (int read; (read = await body.ReadAsync(buffer)) > 0; )
            length += read;
        if (length != Size)
            throw new InvalidOperationException($"{length} bytes came");
    }

    private sealed class Pieces : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (long at = 0; at < Size; at += _piece.Length)
                await stream.WriteAsync(_piece);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Size;
            return true;
        }
    }
}
