"""Asking the message archive for a page, through slixmpp's plugin (XEP-0313, XEP-0059)."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from .checks import PATIENCE
from .device import Device
from .stanzas import DELAY, FORWARD, MAM, RSM, body, forwarded, is_message, name


@dataclass(frozen=True)
class Entry:
    """One message out of the archive."""

    id: str
    stamp: str
    message: ET.Element

    @property
    def text(self) -> str | None:
        return body(self.message)


@dataclass(frozen=True)
class Page:
    entries: list[Entry]
    count: int | None
    first: str | None
    last: str | None
    complete: bool


async def page(device: Device, *, rsm: dict | None = None, **filters) -> Page:
    """One query by slixmpp's own plugin; `before=True` asks for the newest page."""
    seen = len(device.inbox.stanzas)
    if rsm and rsm.get("before") is True:
        fin = await _newest(device, rsm["max"], **filters)
    else:
        query = device["xep_0313"].retrieve(rsm=rsm, timeout=PATIENCE, **filters)
        fin = (await query).xml.find(name(MAM, "fin"))
    set_ = fin.find(name(RSM, "set"))
    count = set_.findtext(name(RSM, "count")) if set_ is not None else None
    return Page(
        entries=[entry for s in device.inbox.stanzas[seen:] if (entry := as_entry(s))],
        count=None if count is None else int(count),
        first=set_.findtext(name(RSM, "first")) if set_ is not None else None,
        last=set_.findtext(name(RSM, "last")) if set_ is not None else None,
        complete=fin.get("complete") == "true",
    )


async def _newest(device: Device, size: int, **filters) -> ET.Element:
    """slixmpp asks for the newest page (an empty `before`) in its iterator alone."""
    iq, _ = device["xep_0313"]._pre_mam_retrieve(
        None, filters.get("start"), filters.get("end"), filters.get("with_jid")
    )
    iq["mam"]["rsm"]["max"] = str(size)
    iq["mam"]["rsm"]["before"] = True
    return (await iq.send(timeout=PATIENCE)).xml.find(name(MAM, "fin"))


def as_entry(stanza: ET.Element) -> Entry | None:
    result = stanza.find(name(MAM, "result")) if is_message(stanza) else None
    if result is None:
        return None
    stamp = result.find(f"{name(FORWARD, 'forwarded')}/{name(DELAY, 'delay')}").get("stamp")
    return Entry(result.get("id"), stamp, forwarded(result))
