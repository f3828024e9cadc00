/** The namespaces of the stream; those of what is said over it are in `proto/ns.ts`. */
export const NS = {
  client: "jabber:client",
  stream: "http://etherx.jabber.org/streams",
  streamErrors: "urn:ietf:params:xml:ns:xmpp-streams",
  stanzaErrors: "urn:ietf:params:xml:ns:xmpp-stanzas",
  framing: "urn:ietf:params:xml:ns:xmpp-framing",
  httpbind: "http://jabber.org/protocol/httpbind",
  xbosh: "urn:xmpp:xbosh",
  sasl: "urn:ietf:params:xml:ns:xmpp-sasl",
  sasl2: "urn:xmpp:sasl:2",
  channelBinding: "urn:xmpp:sasl-cb:0",
  bind2: "urn:xmpp:bind:0",
  fast: "urn:xmpp:fast:0",
  sm: "urn:xmpp:sm:3",
  csi: "urn:xmpp:csi:0",
  carbons: "urn:xmpp:carbons:2",
  ping: "urn:xmpp:ping",
} as const;
