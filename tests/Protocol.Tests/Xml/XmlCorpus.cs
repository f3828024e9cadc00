using System.Text;

namespace Protocol.Tests.Xml;

/// <summary>What clients and servers send, one a line: headers and elements of a stream.</summary>
internal static class XmlCorpus
{
    public const string Header =
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='home.example' version='1.0' xml:lang='en'>";

    public static IReadOnlyList<string> Headers { get; } =
        Lines(
            """
            <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='home.example' version='1.0' xml:lang='en'>
            <?xml version='1.0'?><stream:stream to="home.example" xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams" version="1.0" >
            <?xml version="1.0" encoding="UTF-8" standalone='yes'?> <stream:stream from='anna@home.example' to='home.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>
            <stream:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback' xmlns:stream='http://etherx.jabber.org/streams' from='far.example' to='home.example' version='1.0'>
            <s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns='jabber:client' version='1.0' to='home.example'>
            """
        );

    public static IReadOnlyList<string> Elements { get; } =
        Lines(
            """
            <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
            <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>biwsbj1hbm5hLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM</auth>
            <auth mechanism="PLAIN" xmlns="urn:ietf:params:xml:ns:xmpp-sasl">AGFubmEAcGVuY2ls</auth>
            <response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>Yz1iaXdzLHI9ZnlrbytkMmxi</response>
            <authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-1'><initial-response>biwsbj11c2VyLHI9MTJDNENENUM=</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>Conversations</software><device>Phone &amp; more</device></user-agent><bind xmlns='urn:xmpp:bind:0'><tag>Conversations</tag><enable xmlns='urn:xmpp:sm:3' resume='true'/><enable xmlns='urn:xmpp:carbons:2'/></bind></authenticate>
            <iq id='b1' type='set'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>balcony</resource></bind></iq>
            <iq type='set' id='b2'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>
            <iq to='home.example' type='set' id='sess_1'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>
            <enable xmlns='urn:xmpp:sm:3' resume='true'/>
            <resume xmlns='urn:xmpp:sm:3' h='12' previd='some-long-sm-id'/>
            <r xmlns='urn:xmpp:sm:3'/>
            <a xmlns='urn:xmpp:sm:3' h='42'/>
            <active xmlns='urn:xmpp:csi:0'/>
            <inactive xmlns="urn:xmpp:csi:0" />
            <presence/>
            <presence ></presence>
            <presence type='unavailable'><status>Gone home</status></presence>
            <presence><show>away</show><status xml:lang='de'>Bin gleich zurück</status><priority>5</priority><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://conversations.im' ver='u8Mx+nE0VZ2l2rJb2vYoq8bVWJE='/></presence>
            <presence to='ben@home.example' type='subscribe'/>
            <presence to='ben@home.example' type='subscribed' id='s:1'/>
            <presence to='den@rooms.home.example/Anna'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='20'/></x></presence>
            <message to='ben@home.example' type='chat' id='m1'><body>Hello</body></message>
            <message to="ben@home.example/phone" type="chat" id="5b3ef0d2-33c0-4b5a-9d5f-7f8b1f3c9a21" xml:lang="en"><body>Dinner at 7?</body><active xmlns="http://jabber.org/protocol/chatstates"/><request xmlns="urn:xmpp:receipts"/><origin-id xmlns="urn:xmpp:sid:0" id="5b3ef0d2"/></message>
            <message to='ben@home.example' id='m2'><body>1 &lt; 2 &amp;&amp; &quot;3&quot; &gt; &apos;2&apos; &#x1F600;&#9786;</body></message>
            <message to='ben@home.example' id='m3'><body><![CDATA[if (a < b && c > d) { x[y[0]]=1; }]]></body></message>
            <message to='ben@home.example' id='m4'><body>before <![CDATA[<in>]]> between <![CDATA[]]]]><![CDATA[>]]> after</body></message>
            <message to='ben@home.example' id='m5'><body>日本語と絵文字 👩‍👩‍👧‍👦 и кириллица</body></message>
            <message to='ben@home.example' id='a&amp;b&apos;c&quot;d&lt;e'><subject>Odd id</subject><thread parent='t0'>t1</thread></message>
            <message to='ben@home.example' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>
            <message to='ben@home.example' id='r1'><received xmlns='urn:xmpp:receipts' id='m1'/></message>
            <message to='ben@home.example' id='d1'><displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/><store xmlns='urn:xmpp:hints'/></message>
            <message to='ben@home.example' id='re1' type='chat'><reactions id='m1' xmlns='urn:xmpp:reactions:0'><reaction>👍</reaction><reaction>🎉</reaction></reactions></message>
            <message to='ben@home.example' id='c1' type='chat'><body>Corrected</body><replace id='m1' xmlns='urn:xmpp:message-correct:0'/></message>
            <message to='ben@home.example' id='rt1' type='chat'><retract id='m1' xmlns='urn:xmpp:message-retract:1'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/><body>This person took a message back</body></message>
            <message to='den@rooms.home.example' type='groupchat' id='g1'><body>Anna: who has the keys?</body></message>
            <message to='ben@home.example' type='chat' id='o1'><encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='27183'><key rid='31415' prekey='true'>MwohBfRqBm2ZuZqm</key><key rid='12321'>MwohBQ==</key><iv>MTIzNDU2Nzg5MDEy</iv></header><payload>c2VjcmV0</payload></encrypted><encryption xmlns='urn:xmpp:eme:0' namespace='eu.siacs.conversations.axolotl' name='OMEMO'/><body>Encrypted</body></message>
            <message to='ben@home.example' type='chat' id='j1'><propose xmlns='urn:xmpp:jingle-message:0' id='ca3cf894'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose></message>
            <message type='error' to='ben@home.example' id='m1'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>No one here</text></error></message>
            <message to='ben@home.example' id='x1'><body>rich</body><html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'><p style='font-weight:bold'>rich <em>text</em><br/></p></body></html></message>
            <iq type='get' id='roster1'><query xmlns='jabber:iq:roster' ver=''/></iq>
            <iq type='set' id='roster2'><query xmlns='jabber:iq:roster'><item jid='clara@far.example' name='Clara "C"'><group>Friends</group><group>Büro</group></item></query></iq>
            <iq type='get' to='home.example' id='disco1'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>
            <iq type='get' to='home.example' id='disco2'><query xmlns='http://jabber.org/protocol/disco#items' node='http://jabber.org/protocol/commands'/></iq>
            <iq type='result' to='home.example' id='disco3'><query xmlns='http://jabber.org/protocol/disco#info' node='n#v'><identity category='client' type='phone' name='Conversations'/><feature var='urn:xmpp:ping'/><feature var='urn:xmpp:jingle:1'/></query></iq>
            <iq type='set' id='mam1'><query xmlns='urn:xmpp:mam:2' queryid='q1'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field var='with'><value>ben@home.example</value></field><field var='start'><value>2026-01-01T00:00:00Z</value></field></x><set xmlns='http://jabber.org/protocol/rsm'><max>50</max><before/></set></query></iq>
            <iq type='set' id='carb1'><enable xmlns='urn:xmpp:carbons:2'/></iq>
            <iq type='get' id='vc1' to='ben@home.example'><vCard xmlns='vcard-temp'/></iq>
            <iq type='set' id='pub1'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='eu.siacs.conversations.axolotl.devicelist'><item id='current'><list xmlns='eu.siacs.conversations.axolotl'><device id='27183'/><device id='31415'/></list></item></publish><publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var='pubsub#access_model'><value>open</value></field></x></publish-options></pubsub></iq>
            <iq type='set' id='blk1'><block xmlns='urn:xmpp:blocking'><item jid='rude@far.example'/></block></iq>
            <iq type='get' id='ping1' to='home.example'><ping xmlns='urn:xmpp:ping'/></iq>
            <iq type='result' id='ping2' to='home.example'/>
            <iq type='set' id='push1'><enable xmlns='urn:xmpp:push:0' jid='push.far.example' node='yxs32uqsflafdk3iuqo'/></iq>
            <iq type='get' id='up1' to='upload.home.example'><request xmlns='urn:xmpp:http:upload:0' filename='très cool.jpg' size='23456' content-type='image/jpeg'/></iq>
            <iq type='set' id='own1' to='den@rooms.home.example'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>
            <iq type='get' id='priv1'><query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'/></query></iq>
            <iq id='v&#9;1' type='get'  to = 'home.example' > <query  xmlns='jabber:iq:version' /> </iq >
            <c:message xmlns:c='jabber:client' to='ben@home.example'><c:body>prefixed</c:body><x:note xmlns:x='urn:example:x' x:kind='a' kind='b'/></c:message>
            <message xmlns:f='urn:xmpp:forward:0' xmlns:d="urn:xmpp:delay" to='ben@home.example'><f:forwarded><d:delay stamp='2026-01-01T00:00:00Z'/><message from='a@b.example'><body>in</body></message></f:forwarded><plain f:by="me"/></message>
            <iq type='result' id='bos1' xmlns:a="urn:example:a"><q xmlns="urn:example:q" a:b="1" b='2'><a:r xmlns:a="urn:example:other" a:b="3"/></q></iq>
            <message xmlns='jabber:client' to='ben@home.example'><x xmlns=''><y/></x></message>
            <stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>
            """
        );

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string[] Lines(string text) => text.Split('\n');
}
