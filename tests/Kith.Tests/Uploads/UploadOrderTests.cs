using Kith.Tests.Program;
using Shouldly;
using Xunit;

namespace Kith.Tests.Uploads;

/// <summary>An acknowledged upload survives a power cut: what the system was told, in which order, before 201 left.</summary>
[Collection(nameof(PublishedProgram))]
public sealed class UploadOrderTests(ITestOutputHelper output)
{
    private const int Client = 48001;
    private const string Write =
        """11 pwritev(90</d/uploads/AB.part>, [{iov_base="x"..., iov_len=4096}], 1, 0) = 4096""";
    private const string Sync = "12 fsync(90</d/uploads/AB.part>) = 0";
    private const string Rename = """12 rename("/d/uploads/AB.part", "/d/uploads/AB") = 0""";
    private const string DirectorySync = "12 fsync(91</d/uploads>) = 0";
    private const string Row = """14 pwrite64(80</d/kith.db-wal>, "\0\1"..., 2072, 32) = 2072""";
    private const string RowSync = "14 fdatasync(80</d/kith.db-wal>) = 0";
    private const string Answer =
        """12 sendto(162<TCP:[127.0.0.1:21223->127.0.0.1:48001]>, "\27\3\3"..., 180, MSG_NOSIGNAL, NULL, 0) = 180""";

    private static readonly string[] _right =
    [
        // The handshake, and what others do.
        Answer,
        Row,
        RowSync,
        Write,
        Sync,
        Write,
        Row,
        Sync,
        Rename,
        DirectorySync,
        Row,
        Row,
        RowSync,
        Answer,
    ];

    [Fact]
    public void The_right_order_passes() => UploadOrder.Check(_right, Client).ShouldBeNull();

    // The judge is judged: without any of these the order is broken.
    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(13)]
    public void A_step_that_is_left_out_is_missed(int step) =>
        UploadOrder.Check(_right.Where((_, i) => i != step), Client).ShouldNotBeNull();

    [Theory]
    [InlineData(7, 8)]
    [InlineData(8, 9)]
    [InlineData(9, 12)]
    [InlineData(12, 13)]
    [InlineData(9, 13)]
    public void Steps_in_another_order_are_noticed(int one, int other)
    {
        string[] wrong = [.. _right];
        (wrong[one], wrong[other]) = (wrong[other], wrong[one]);
        UploadOrder.Check(wrong, Client).ShouldNotBeNull();
    }

    [Fact]
    public void A_sync_that_failed_or_began_too_early_is_none()
    {
        string[] failed = [.. _right];
        failed[9] = "12 fsync(91</d/uploads>) = -1 EIO (Input/output error)";
        UploadOrder.Check(failed, Client).ShouldNotBeNull();
        string[] early =
        [
            "12 fsync(90</d/uploads/AB.part> <unfinished ...>",
            Write,
            "12 <... fsync resumed>) = 0",
            .. _right[8..],
        ];
        UploadOrder.Check(early, Client).ShouldNotBeNull();
        string[] inTwo =
        [
            Write,
            "12 fsync(90</d/uploads/AB.part> <unfinished ...>",
            Row,
            "12 <... fsync resumed>) = 0",
            .. _right[8..],
        ];
        UploadOrder.Check(inTwo, Client).ShouldBeNull();
    }

    [Fact]
    public async Task The_answer_leaves_after_file_directory_and_row_are_synced()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed");
        using KithHome home = await KithHome.CreateAsync(["ada"]);
        using var ada = new UploadClient(home);
        string trace = home.At("trace");
        string[] watched =
        [
            "/usr/bin/strace",
            "-D",
            "-f",
            "-yy",
            "-qq",
            "-e",
            "trace=" + UploadOrder.Calls,
            "-o",
            trace,
        ];
        int port;
        await using (KithProcess kith = await KithProcess.StartAsync(home, ada.Settings(), watched))
        {
            await ada.SignInAsync();
            Slot slot = await ada.SlotAsync("film.mp4", 20 << 20);
            (await ada.PutAsync(slot, new MadeUpContent(20 << 20, static _ => { }))).ShouldBe(
                System.Net.HttpStatusCode.Created
            );
            port = ada.LocalPort;
            await ada.Device.CutAsync();
            (await kith.StopAsync()).ExitCode.ShouldBe(0);
        }
        string[] lines = await File.ReadAllLinesAsync(trace);
        UploadOrder.Check(lines, port).ShouldBeNull();
        UploadOrder.Check(lines.Where(line => !line.Contains("/uploads>")), port).ShouldNotBeNull();
        UploadOrder
            .Check(lines.Where(line => !line.Contains("fsync(") || !line.Contains(".part>")), port)
            .ShouldNotBeNull();
        UploadOrder.Check(lines.Where(line => !line.Contains("fdatasync")), port).ShouldNotBeNull();
        output.WriteLine($"{lines.Length} lines, {lines.Count(line => line.Contains("fsync("))} syncs of files");
    }
}
