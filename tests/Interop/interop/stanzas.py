"""Looking into stanzas. They are ElementTree elements, whichever library received them."""

import xml.etree.ElementTree as ET
from typing import Callable

CLIENT = "jabber:client"
CARBONS = "urn:xmpp:carbons:2"
DELAY = "urn:xmpp:delay"
FORWARD = "urn:xmpp:forward:0"
MAM = "urn:xmpp:mam:2"
RETRACT = "urn:xmpp:message-retract:1"
ROSTER = "jabber:iq:roster"
RSM = "http://jabber.org/protocol/rsm"
SID = "urn:xmpp:sid:0"
SM = "urn:xmpp:sm:3"
STANZA_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas"

Match = Callable[[ET.Element], bool]


def name(namespace: str, local: str) -> str:
    return f"{{{namespace}}}{local}"


def bare(jid: str | None) -> str:
    return (jid or "").partition("/")[0]


def body(message: ET.Element) -> str | None:
    return message.findtext(name(CLIENT, "body"))


def is_message(stanza: ET.Element) -> bool:
    return stanza.tag == name(CLIENT, "message")


def chat(text: str) -> Match:
    """Messages with this body; not the carbons and archive results that wrap one."""
    return lambda stanza: is_message(stanza) and body(stanza) == text


def presence(kind: str | None, sender: str) -> Match:
    """Presence of this type (None: available) from this full or bare address."""
    return lambda stanza: (
        stanza.tag == name(CLIENT, "presence")
        and stanza.get("type") == kind
        and sender in (stanza.get("from"), bare(stanza.get("from")))
    )


def carbon(stanza: ET.Element, direction: str) -> ET.Element | None:
    """The message inside a carbon copy, `sent` or `received`."""
    wrapper = stanza.find(name(CARBONS, direction)) if is_message(stanza) else None
    return None if wrapper is None else forwarded(wrapper)


def forwarded(wrapper: ET.Element) -> ET.Element | None:
    return wrapper.find(f"{name(FORWARD, 'forwarded')}/{name(CLIENT, 'message')}")


def copied(direction: str, text: str) -> Match:
    """Carbon copies in this direction of the message with this body."""

    def match(stanza: ET.Element) -> bool:
        message = carbon(stanza, direction)
        return message is not None and body(message) == text

    return match


def roster_push(contact: str, **attributes: str | None) -> Match:
    """Roster pushes for a contact whose item has these attributes (None: absent)."""

    def match(stanza: ET.Element) -> bool:
        if stanza.tag != name(CLIENT, "iq") or stanza.get("type") != "set":
            return False
        item = stanza.find(f"{name(ROSTER, 'query')}/{name(ROSTER, 'item')}")
        return (
            item is not None
            and item.get("jid") == contact
            and all(item.get(key) == value for key, value in attributes.items())
        )

    return match


def error_condition(stanza: ET.Element) -> str | None:
    error = stanza.find(name(CLIENT, "error"))
    children = [] if error is None else [c for c in error if c.tag.startswith(f"{{{STANZA_ERRORS}}}")]
    return next((c.tag.partition("}")[2] for c in children if not c.tag.endswith("}text")), None)


def stanza_id(message: ET.Element, by: str) -> str | None:
    """The archive's id for a message, as the server stamped it on the live copy (XEP-0359)."""
    ids = [s.get("id") for s in message.findall(name(SID, "stanza-id")) if s.get("by") == by]
    return ids[0] if len(ids) == 1 else None


def canonical(element: ET.Element | str) -> str:
    """XML in a form that can be compared, whatever prefixes and order of attributes it has."""
    text = element if isinstance(element, str) else ET.tostring(element, encoding="unicode")
    return ET.canonicalize(text, rewrite_prefixes=True)
