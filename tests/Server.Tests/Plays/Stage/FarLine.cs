using System.Text;
using System.Xml.Linq;
using Xmpp.Xml;

namespace Server.Tests.Plays.Stage;

/// <summary>One connection between the home and <see cref="FarServer"/>, from that server's side.</summary>
internal sealed class FarLine(Line line, Stream end, Task served)
{
    public const string External =
        "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>EXTERNAL</mechanism></mechanisms>";
    public const string Dialback = "<dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback>";
    private readonly TcpWire _wire = new(end);

    /// <summary>The home's features, the last that came.</summary>
    public XElement Features { get; private set; } = null!;

    /// <summary>The id of the stream, from whoever answers with one.</summary>
    public string Id { get; private set; } = "";

    // ---- plain words ----

    /// <summary>Elements as they are written, in <c>jabber:server</c> where they declare nothing.</summary>
    public Task Send(string xml) => _wire.SendAsync(xml);

    /// <summary>The same, of which the home may take only the beginning.</summary>
    public async Task Pour(string xml)
    {
        try
        {
            await Send(xml);
        }
        catch (IOException)
        {
            // It has heard enough.
        }
    }

    public async Task<XElement?> Read()
    {
        using var patience = new CancellationTokenSource(Actor.Patience);
        try
        {
            return await _wire.ReadAsync(patience.Token);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The next that comes must be this; a stanza is in <c>jabber:server</c>. Requests to acknowledge are passed over.</summary>
    public async Task<XElement> Expect(string pattern)
    {
        XElement came;
        do came = await Read() ?? throw new PlayException($"the stream ended\n  expected: {pattern}");
        while (came.Name.LocalName == "r" && !pattern.StartsWith("<r ", StringComparison.Ordinal));
        string text = came.ToString(SaveOptions.DisableFormatting)
            .Replace(Ns.Server + "'", Ns.Client + "'", StringComparison.Ordinal);
        XElement read = Pattern.Parse(text.Replace($"\"{Ns.Server}\"", $"\"{Ns.Client}\"", StringComparison.Ordinal));
        read.ShouldMatch(pattern);
        return read;
    }

    /// <summary>The home ends the stream, with an error if one is given.</summary>
    public async Task ExpectEnd(string? error = null)
    {
        if (error is not null)
            await Expect($"<stream:error><{error} xmlns='{Ns.StreamErrors}'/></stream:error>");
        if (await Read() is { } extra)
            throw new PlayException($"should have ended\n  came: {extra}");
        await served.WaitAsync(Actor.Patience);
    }

    public Task Close() => Send("</stream:stream>");

    public async Task Cut()
    {
        line.Cut();
        await served.WaitAsync(Actor.Patience);
    }

    // ---- as the one that connects ----

    /// <summary>Sends a header and reads the home's, with its features.</summary>
    public async Task Open(string from = FarServer.Domain, string to = Play.Domain, string ns = Ns.Server)
    {
        _wire.Restart();
        await Send(
            $"<?xml version='1.0'?><stream:stream xmlns='{ns}' xmlns:stream='{Ns.Streams}' "
                + $"xmlns:db='jabber:server:dialback' from='{from}' to='{to}' version='1.0' xml:lang='de'>"
        );
        await ReadHeader();
    }

    public async Task ReadHeader()
    {
        XElement header = await Read() ?? throw new PlayException("no header came");
        Id = header.Attribute("id")!.Value;
        XElement next = await Read() ?? throw new PlayException("no features came");
        if (next.Name.LocalName != "features")
            throw new PlayException($"no features, but {next}");
        Features = next;
    }

    /// <summary>Up to the features behind TLS.</summary>
    public async Task StartTls(string from = FarServer.Domain, string to = Play.Domain)
    {
        await Open(from, to);
        await Send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        await Expect("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        await Open(from, to);
    }

    /// <param name="resume">What it asks for beside being counted, as attributes.</param>
    public async Task ProveExternally(
        bool bidi = false,
        bool managed = false,
        string from = FarServer.Domain,
        string resume = ""
    )
    {
        if (bidi)
            await Send("<bidi xmlns='urn:xmpp:bidi'/>");
        await Send(Auth(from));
        await Expect("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        await Open(from);
        if (!managed)
            return;
        await Send($"<enable xmlns='urn:xmpp:sm:3' {resume}/>");
        Resumption = (await Expect("<enabled xmlns='urn:xmpp:sm:3'/>")).Attribute("id")?.Value;
    }

    /// <summary>What the home calls the stream when it may be resumed (XEP-0198 §5).</summary>
    public string? Resumption { get; private set; }

    public static string Auth(string domain) =>
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>"
        + Convert.ToBase64String(Encoding.UTF8.GetBytes(domain))
        + "</auth>";

    /// <summary>Asks to be believed (XEP-0220 §2.1.1).</summary>
    public Task SendKey(string key, string from = FarServer.Domain, string to = Play.Domain) =>
        Send($"<db:result from='{from}' to='{to}'>{key}</db:result>");

    // ---- as the one that is connected to ----

    /// <summary>Reads the home's header and answers with one and these features.</summary>
    public async Task Answer(string features, string id = "s1", string from = FarServer.Domain, string to = Play.Domain)
    {
        Id = id;
        _wire.Restart();
        XElement header = await Read() ?? throw new PlayException("no header came");
        if (header.Attribute("from")?.Value != to || header.Attribute("to")?.Value != from)
            throw new PlayException($"not for {from}: {header}");
        await Send(
            $"<?xml version='1.0'?><stream:stream xmlns='{Ns.Server}' xmlns:stream='{Ns.Streams}' "
                + $"xmlns:db='jabber:server:dialback' from='{from}' to='{to}' id='{id}' version='1.0'>"
                + $"<stream:features>{features}</stream:features>"
        );
    }

    public async Task AcceptTls(string to = Play.Domain)
    {
        await Answer("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>", to: to);
        await Expect("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        await Send("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    }

    /// <param name="features">What it offers then, when it is to answer none of it.</param>
    /// <param name="resume">The name by which it lets the stream be resumed.</param>
    public async Task AcceptExternal(
        bool bidi = false,
        bool managed = false,
        string to = Play.Domain,
        string features = "",
        string? resume = null
    )
    {
        await Answer(External + Dialback + (bidi ? "<bidi xmlns='urn:xmpp:features:bidi'/>" : ""), to: to);
        if (bidi)
            await Expect("<bidi xmlns='urn:xmpp:bidi'/>");
        await Expect(Auth(to));
        await Send("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        await Answer(managed ? "<sm xmlns='urn:xmpp:sm:3'/>" : features, to: to);
        if (!managed)
            return;
        await Expect("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
        await Send($"<enabled xmlns='urn:xmpp:sm:3'{(resume is null ? "" : $" resume='true' id='{resume}'")}/>");
    }
}
