"""The list of scenarios and how they are run: one after the other, each in a bounded time."""

import asyncio
import time
import traceback
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Awaitable, Callable

from slixmpp.exceptions import IqError, IqTimeout

from .checks import Wrong
from .house import House

Play = Callable[[House], Awaitable[None]]


@dataclass(frozen=True)
class Scenario:
    name: str
    play: Play
    seconds: float
    lacking: dict[str, str]


SCENARIOS: list[Scenario] = []


def scenario(name: str, *, seconds: float = 20, prosody_lacks: str | None = None):
    """Adds a scenario. What the known-good server cannot do is said, and skipped there alone."""

    def add(play: Play) -> Play:
        lacking = {"prosody": prosody_lacks} if prosody_lacks else {}
        SCENARIOS.append(Scenario(name, play, seconds, lacking))
        return play

    return add


@dataclass
class Tally:
    """What became of the scenarios; those that never came to their end have failed."""

    chosen: int
    passed: int = 0
    skipped: int = 0

    @property
    def failed(self) -> int:
        return self.chosen - self.passed - self.skipped

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


async def run_all(house: House, scenarios: list[Scenario], tally: Tally, verbose: bool) -> None:
    for each in scenarios:
        if lack := each.lacking.get(house.server.kind):
            tally.skipped += 1
            print(f"skip {each.name}: {house.server.kind} lacks {lack}", flush=True)
            continue
        began = time.monotonic()
        if complaint := await _run(house, each, verbose):
            print(f"not ok {each.name}: {complaint}", flush=True)
        else:
            tally.passed += 1
            took = f" ({time.monotonic() - began:.1f} s)" if verbose else ""
            print(f"ok {each.name}{took}", flush=True)


async def _run(house: House, scenario: Scenario, verbose: bool) -> str | None:
    """Plays one scenario; gives back what was wrong."""
    log_before = house.server.log_size()
    complaint = None
    house.visit = AsyncExitStack()
    try:
        async with asyncio.timeout(scenario.seconds + 15), house.visit:
            async with asyncio.timeout(scenario.seconds):
                await scenario.play(house)
    except TimeoutError:
        complaint = f"not over after {scenario.seconds:.0f} s"
    except Wrong as wrong:
        complaint = str(wrong)
    except IqError as error:
        asked = error.iq["id"]
        complaint = f"a request was refused with {error.condition} {error.text} (id {asked})".strip()
    except IqTimeout:
        complaint = "a request was not answered"
    except Exception as error:  # a scenario may meet anything; the next one runs all the same
        complaint = f"{type(error).__name__}: {error}"
        if verbose:
            traceback.print_exc(limit=-3)
    if gone := house.server.gone():
        complaint = f"{gone}; {complaint or 'though the scenario went well'}"
        await house.server.start()
    if not complaint and (faults := house.server.faults(log_before)):
        complaint = f"the server logged {len(faults)} errors, first: {faults[0]}"
    return complaint
