namespace Xmpp.Xml;

/// <summary>Namespaces that the streams themselves and more than one extension use. Others stand with their extension.</summary>
public static class Ns
{
    public const string Streams = "http://etherx.jabber.org/streams";
    public const string StreamErrors = "urn:ietf:params:xml:ns:xmpp-streams";
    public const string StanzaErrors = "urn:ietf:params:xml:ns:xmpp-stanzas";
    public const string Client = "jabber:client";
    public const string Server = "jabber:server";
    public const string Tls = "urn:ietf:params:xml:ns:xmpp-tls";
    public const string Sasl = "urn:ietf:params:xml:ns:xmpp-sasl";
    public const string Sasl2 = "urn:xmpp:sasl:2";
    public const string Bind = "urn:ietf:params:xml:ns:xmpp-bind";
    public const string Bind2 = "urn:xmpp:bind:0";
    public const string Session = "urn:ietf:params:xml:ns:xmpp-session";
    public const string Framing = "urn:ietf:params:xml:ns:xmpp-framing";
    public const string StreamManagement = "urn:xmpp:sm:3";
    public const string StanzaId = "urn:xmpp:sid:0";
    public const string Delay = "urn:xmpp:delay";
    public const string Forward = "urn:xmpp:forward:0";
    public const string Hints = "urn:xmpp:hints";
    public const string Carbons = "urn:xmpp:carbons:2";
    public const string Archive = "urn:xmpp:mam:2";
    public const string ResultSets = "http://jabber.org/protocol/rsm";
    public const string DataForms = "jabber:x:data";
    public const string Roster = "jabber:iq:roster";
    public const string Register = "jabber:iq:register";
    public const string DiscoInfo = "http://jabber.org/protocol/disco#info";
    public const string DiscoItems = "http://jabber.org/protocol/disco#items";
    public const string Caps = "http://jabber.org/protocol/caps";
    public const string Csi = "urn:xmpp:csi:0";
    public const string Xml = "http://www.w3.org/XML/1998/namespace";
    public const string Xmlns = "http://www.w3.org/2000/xmlns/";
}
