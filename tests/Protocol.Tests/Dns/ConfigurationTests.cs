using System.Net;
using Dns;
using Shouldly;
using Xunit;

namespace Protocol.Tests.Dns;

/// <summary>resolv.conf(5), hosts(5), and following them.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kith-dns-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string Put(string name, string? text = null)
    {
        string path = Path.Combine(_folder.FullName, name);
        if (text is not null)
            File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void Servers_and_options_are_read_and_the_rest_is_left()
    {
        Upstream upstream = Upstream.Parse(
            """
            # nameserver 10.0.0.1
            domain home.test
            search a.test b.test
            nameserver 192.0.2.1
            nameserver   2001:db8::1   # the second
            nameserver nonsense
            nameserver fe80::1%lo
            nameserver 192.0.2.4
            options ndots:2 timeout:3 attempts:4 edns0 trust-ad timeout:x
            """,
            new ResolverOptions()
        );

        upstream
            .Servers.Select(server => server.ToString())
            .ShouldBe(["192.0.2.1:53", "[2001:db8::1]:53", "[fe80::1%1]:53"]);
        upstream.Timeout.ShouldBe(TimeSpan.FromSeconds(3));
        (upstream.Attempts, upstream.Trusted, upstream.AlwaysEdns).ShouldBe((4, true, true));
    }

    [Fact]
    public void Without_a_word_loopback_is_asked_as_patiently_as_the_options_say()
    {
        var options = new ResolverOptions { Attempts = 3, Timeout = TimeSpan.FromSeconds(1) };
        Upstream upstream = Upstream.Parse("", options);
        upstream.Servers.ShouldBe([new IPEndPoint(IPAddress.Loopback, 53)]);
        upstream.Timeout.ShouldBe(TimeSpan.FromSeconds(1));
        (upstream.Attempts, upstream.Trusted, upstream.AlwaysEdns).ShouldBe((3, false, false));
    }

    [Fact]
    public void What_the_C_library_would_not_believe_is_not_believed_here()
    {
        Upstream upstream = Upstream.Parse("options timeout:4000 attempts:0 attempts:99", new ResolverOptions());
        upstream.Timeout.ShouldBe(TimeSpan.FromSeconds(30));
        upstream.Attempts.ShouldBe(5);
    }

    [Fact]
    public void A_file_is_followed_when_it_changes_moves_or_goes_and_looked_at_once_a_second()
    {
        var time = new HeldTime();
        string path = Put("link");
        File.CreateSymbolicLink(path, Put("one", "1"));
        Put("two", "22");
        int reads = 0;
        var file = new WatchedFile<string>(path, text => $"{++reads}:{text}", time);

        file.Value.ShouldBe("1:1");
        time.Pass(TimeSpan.FromSeconds(2));
        file.Value.ShouldBe("1:1");
        File.Delete(path);
        File.CreateSymbolicLink(path, Put("two"));
        file.Value.ShouldBe("1:1");
        time.Pass(TimeSpan.FromSeconds(1));
        file.Value.ShouldBe("2:22");
        Put("two", "333");
        time.Pass(TimeSpan.FromSeconds(1));
        file.Value.ShouldBe("3:333");
        File.Delete(path);
        time.Pass(TimeSpan.FromSeconds(1));
        file.Value.ShouldBe("4:");
    }

    private Resolver Reading(string hosts, string configuration = "nameserver 127.0.0.1\n") =>
        new(
            new ResolverOptions
            {
                Hosts = Put("hosts", hosts),
                ResolverConfiguration = Put("resolv.conf", configuration),
            }
        );

    [Fact]
    public async Task What_the_hosts_file_says_of_a_name_is_all_there_is()
    {
        using Resolver resolver = Reading("192.0.2.9  Box.home.test box # the box\n\nrubbish\n::1 six\n");
        Answer answer = await resolver.QueryAsync("box.home.test", RecordType.A);
        answer.Status.ShouldBe(AnswerStatus.Found);
        answer.Data<AddressData>().ShouldHaveSingleItem().Address.ShouldBe(IPAddress.Parse("192.0.2.9"));
        answer.Authenticated.ShouldBeFalse();
        (await resolver.QueryAsync("box", RecordType.AAAA)).Status.ShouldBe(AnswerStatus.NoData);
        (await resolver.QueryAsync("six", RecordType.AAAA)).Status.ShouldBe(AnswerStatus.Found);
    }

    [Theory]
    [InlineData("localhost", RecordType.A, "127.0.0.1")]
    [InlineData("a.b.localhost.", RecordType.AAAA, "::1")]
    public async Task Localhost_is_loopback(string name, RecordType type, string address) // RFC 6761 §6.3
    {
        using Resolver resolver = Reading("");
        Answer answer = await resolver.QueryAsync(name, type);
        answer.Data<AddressData>().ShouldHaveSingleItem().Address.ToString().ShouldBe(address);
        (await resolver.QueryAsync(name, RecordType.SRV)).Status.ShouldBe(AnswerStatus.NoData);
    }

    [Theory]
    [InlineData("home.invalid")]
    [InlineData("abcdef.onion")]
    public async Task Some_names_are_nobody_s(string name) // RFC 6761 §6.4, RFC 7686 §2
    {
        using Resolver resolver = Reading("");
        (await resolver.QueryAsync(name, RecordType.A)).Status.ShouldBe(AnswerStatus.NoSuchName);
    }

    // Nobody listens at these addresses' port 53, which the kernel says at once.
    [Fact]
    public async Task Another_resolv_conf_names_another_server()
    {
        var time = new HeldTime();
        using var resolver = new Resolver(
            new ResolverOptions
            {
                ResolverConfiguration = Put("resolv.conf", "nameserver 127.53.53.1\n"),
                Hosts = Put("hosts", ""),
                Time = time,
            }
        );
        (await resolver.QueryAsync("home.test", RecordType.A)).Why.ShouldNotBeNull().ShouldContain("127.53.53.1:53");
        Put("resolv.conf", "nameserver 127.53.53.200\n");
        time.Pass(TimeSpan.FromMinutes(1));
        (await resolver.QueryAsync("home.test", RecordType.A)).Why.ShouldNotBeNull().ShouldContain("127.53.53.200:53");
    }
}
