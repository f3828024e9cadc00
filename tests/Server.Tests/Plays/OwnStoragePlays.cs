using Server.Tests.Plays.Stage;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0049 and XEP-0054: what people keep on the server.</summary>
public sealed class OwnStoragePlays
{
    private static string Error(string condition) =>
        $"<iq type='error'><error><{condition} xmlns='{Ns.StanzaErrors}'/></error></iq>";

    private static string Private(string type, string inside, string? to = null) =>
        $"<iq type='{type}'{(to is null ? "" : $" to='{to}'")}><query xmlns='jabber:iq:private'>{inside}</query></iq>";

    [Theory, Framings]
    public async Task Private_XML_is_kept_by_namespace_and_name(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor hamlet = await play.Connect("hamlet", "denmark");
        await hamlet.Ask(
            Private("get", "<exodus xmlns='exodus:prefs'/>"),
            "<iq type='result'><query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'/></query></iq>"
        );
        await hamlet.Ask(
            Private(
                "set",
                "<exodus xmlns='exodus:prefs'><nick>Hamlet</nick></exodus><storage xmlns='storage:bookmarks'/>"
            ),
            "<iq type='result'/>"
        );
        await hamlet.Ask(
            Private(
                "set",
                "<exodus xmlns='exodus:prefs'><nick>Yorick</nick></exodus><other xmlns='exodus:prefs'>2</other>"
            ),
            "<iq type='result'/>"
        );

        await play.Restart();
        hamlet = await play.Connect("hamlet", "denmark");
        await hamlet.Ask(
            Private("get", "<exodus xmlns='exodus:prefs'/>"),
            "<iq type='result'><query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'><nick>Yorick</nick></exodus></query></iq>"
        );
        await hamlet.Ask(
            Private("get", "<other xmlns='exodus:prefs'/>"),
            "<iq type='result'><query xmlns='jabber:iq:private'><other xmlns='exodus:prefs'>2</other></query></iq>"
        );
    }

    // Laws, "Bytes and lifetimes": what is stored declares its own prefixes.
    [Theory, Framings]
    public async Task A_prefix_declared_around_it_is_kept_with_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor hamlet = await play.Connect("hamlet", "denmark");
        await hamlet.Ask(
            "<iq type='set'><query xmlns='jabber:iq:private' xmlns:e='exodus:prefs'><e:exodus><e:nick>Hamlet</e:nick></e:exodus></query></iq>",
            "<iq type='result'/>"
        );
        await hamlet.Ask(
            Private("get", "<exodus xmlns='exodus:prefs'/>"),
            "<iq type='result'><query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'><nick>Hamlet</nick></exodus></query></iq>"
        );
    }

    [Theory, Framings]
    public async Task Private_XML_is_private_and_has_a_namespace_of_its_own(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor hamlet = await play.Connect("hamlet", "denmark");
        await play.AddAccount("macbeth");
        foreach (string type in (string[])["get", "set"])
        {
            await hamlet.Ask(Private(type, "<a xmlns='urn:a'/>", "macbeth@kith.test"), Error("service-unavailable"));
            await hamlet.Ask(Private(type, "<a xmlns='urn:a'/>", "nobody@kith.test"), Error("service-unavailable"));
            await hamlet.Ask(Private(type, ""), Error("bad-request"));
            await hamlet.Ask(Private(type, "<a/>"), Error("not-acceptable"));
            await hamlet.Ask(Private(type, "<vCard xmlns='vcard-temp'/>"), Error("not-acceptable"));
            await hamlet.Ask(Private(type, "<a xmlns='jabber:client'/>"), Error("not-acceptable"));
        }
        await hamlet.Ask(Private("get", "<a xmlns='urn:a'/><b xmlns='urn:b'/>"), Error("bad-request"));
    }

    [Theory, Framings]
    public async Task A_card_is_written_by_its_owner_and_read_by_others(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor peter = await play.Connect("peter", "roundabout");
        Actor romeo = await play.Connect("romeo", "phone");
        string get = $"<iq type='get' to='{peter.Bare}'><vCard xmlns='vcard-temp'/></iq>";
        const string Empty = "<iq type='result'><vCard xmlns='vcard-temp'/></iq>";
        await peter.Ask("<iq type='get'><vCard xmlns='vcard-temp'/></iq>", Empty);
        (await romeo.Ask(get)).ShouldMatch(Empty).Without("FN", "vcard-temp");

        await peter.Ask(
            "<iq type='set'><vCard xmlns='vcard-temp'><FN>Peter &amp; Co</FN></vCard></iq>",
            "<iq type='result'/>"
        );

        const string Card = "<iq type='result'><vCard xmlns='vcard-temp'><FN>Peter &amp; Co</FN></vCard></iq>";
        await peter.Ask("<iq type='get'><vCard xmlns='vcard-temp'/></iq>", Card);
        await romeo.Ask(get, Card);
        await romeo.Ask(
            $"<iq type='set' to='{peter.Bare}'><vCard xmlns='vcard-temp'><FN>Fool</FN></vCard></iq>",
            Error("service-unavailable")
        );
        await peter.Ask("<iq type='get' to='kith.test'><vCard xmlns='vcard-temp'/></iq>", Error("service-unavailable"));
        await romeo.Ask(get, Card);
    }

    [Theory, Framings]
    public async Task A_card_has_a_limit(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor peter = await play.Connect("peter", "roundabout");
        string photo = new('A', 128 << 10);
        await peter.Ask(
            $"<iq type='set'><vCard xmlns='vcard-temp'><PHOTO><BINVAL>{photo}</BINVAL></PHOTO></vCard></iq>",
            Error("policy-violation")
        );
    }
}
