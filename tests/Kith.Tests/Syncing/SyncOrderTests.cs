using Shouldly;
using Xunit;

namespace Kith.Tests.Syncing;

/// <summary>The judge is judged: traces by hand, in which the order is kept or broken.</summary>
public sealed class SyncOrderTests
{
    private const int Sender = 48001;
    private const int Recipient = 48002;
    private const string SignIn = """
        11 recvfrom(162<TCP:[127.0.0.1:21223->127.0.0.1:48001]>, "\26", 1, MSG_PEEK, NULL, NULL) = 1
        12 sendto(162<TCP:[127.0.0.1:21223->127.0.0.1:48001]>, "\27\3\3 = 5", 606, 0, NULL, 0) = 606
        12 sendto(163<TCP:[127.0.0.1:21223->127.0.0.1:48002]>, "\27\3\3", 606, 0, NULL, 0) = 606
        """;
    private const string Receipt =
        """11 recvfrom(162<TCP:[127.0.0.1:21223->127.0.0.1:48001]>, "\27\3\3"..., 4096, 0, NULL, NULL) = 240""";
    private const string Nothing =
        """11 recvfrom(162<TCP:[127.0.0.1:21223->127.0.0.1:48001]>, 0x7f7c, 1, MSG_PEEK, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)""";
    private const string Write = """14 pwrite64(80</tmp/data/kith.db-wal>, "\0\1"..., 2072, 32) = 2072""";
    private const string Sync = "14 fdatasync(80</tmp/data/kith.db-wal>) = 0";
    private const string Copy =
        """14 sendto(163<TCP:[127.0.0.1:21223->127.0.0.1:48002]>, "\27\3\3"..., 180, 0, NULL, 0) = 180""";
    private const string Acknowledgement =
        """12 sendmsg(162<TCP:[127.0.0.1:21223->127.0.0.1:48001]>, {msg_name=NULL, msg_iov=[{iov_base="\27\3\3"}]}, 0) = 60""";

    private static IReadOnlyList<string> Check(int messages, params string[] lines) =>
        SyncOrder.Check(
            Trace.Read(SignIn.Split('\n').Concat(lines.SelectMany(line => line.Split('\n')))),
            Sender,
            Recipient,
            messages
        );

    [Fact]
    public void The_right_order_passes() =>
        Check(
                2,
                [
                    Receipt,
                    Nothing,
                    Write,
                    Write,
                    Sync,
                    Copy,
                    Acknowledgement,
                    Receipt,
                    Write,
                    Sync,
                    Acknowledgement,
                    Copy,
                ]
            )
            .ShouldBeEmpty();

    [Fact]
    public void An_acknowledgement_before_the_sync_is_found() =>
        Check(1, [Receipt, Write, Acknowledgement, Sync, Copy]).ShouldHaveSingleItem().ShouldContain("sent to 48001");

    [Fact]
    public void A_copy_before_the_sync_is_found() =>
        Check(1, [Receipt, Write, Copy, Sync, Acknowledgement]).ShouldHaveSingleItem().ShouldContain("sent to 48002");

    [Fact]
    public void The_second_message_is_judged_by_its_own_sync() =>
        Check(2, [Receipt, Write, Sync, Copy, Acknowledgement, Receipt, Write, Copy, Acknowledgement, Sync])
            .Count.ShouldBe(2);

    [Fact]
    public void No_sync_is_found() => Check(1, [Receipt, Write, Copy, Acknowledgement]).Count.ShouldBe(2);

    [Fact]
    public void A_sync_without_a_write_counts_for_nothing() =>
        Check(1, [Receipt, Sync, Copy, Acknowledgement]).Count.ShouldBe(2);

    [Fact]
    public void A_sync_of_another_file_counts_for_nothing() =>
        Check(1, [Receipt, Write, Sync.Replace("kith.db-wal", "kith.db"), Copy, Acknowledgement]).Count.ShouldBe(2);

    [Fact]
    public void A_sync_that_failed_counts_for_nothing() =>
        Check(1, [Receipt, Write, Sync.Replace("= 0", "= -1 EIO (Input/output error)"), Copy, Acknowledgement])
            .Count.ShouldBe(2);

    [Fact]
    public void A_sync_that_has_begun_has_not_returned() =>
        Check(
                1,
                Receipt,
                Write,
                "14 fdatasync(80</tmp/data/kith.db-wal> <unfinished ...>",
                Acknowledgement,
                "14 <... fdatasync resumed>) = 0",
                Copy
            )
            .ShouldHaveSingleItem()
            .ShouldContain("sent to 48001");

    [Fact]
    public void A_sync_that_began_before_the_write_counts_for_nothing() =>
        Check(
            1,
            "15 fdatasync(80</tmp/data/kith.db-wal> <unfinished ...>",
            Receipt,
            Write,
            "15 <... fdatasync resumed>) = 0",
            Copy,
            Acknowledgement
        )
            .Count.ShouldBe(2);

    [Fact]
    public void A_call_in_two_lines_is_one() =>
        Check(
                1,
                """11 recvfrom(162<TCP:[127.0.0.1:21223->127.0.0.1:48001]>,  <unfinished ...>""",
                """11 <... recvfrom resumed>"\27\3\3"..., 4096, 0, NULL, NULL) = 240""",
                Write,
                "14 fdatasync(80</tmp/data/kith.db-wal> <unfinished ...>",
                Nothing,
                "14 <... fdatasync resumed>)       = 0",
                Copy,
                Acknowledgement
            )
            .ShouldBeEmpty();

    [Fact]
    public void Fewer_messages_than_were_sent_are_found() =>
        Check(2, [Receipt, Write, Sync, Copy, Acknowledgement]).ShouldNotBeEmpty();
}
