"""Runs the scenarios against one server. Arguments: words that a scenario's name must contain."""

import asyncio
import logging
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from . import scenarios
from .house import House
from .scenario import SCENARIOS, Tally, run_all
from .servers import Kith, Prosody, Server


def make_server(work: Path) -> Server:
    if os.environ.get("PEER") == "prosody":
        return Prosody(work)
    return Kith(work, os.environ.get("KITH", "kith"))


async def main(work: Path, words: list[str]) -> int:
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    server = make_server(work)
    house = House(server, work)
    scenarios.load()
    chosen = [each for each in SCENARIOS if all(word in each.name for word in words)]
    began = time.monotonic()
    tally = Tally(len(chosen))
    try:
        await server.start()
        await house.move_in()
        await run_all(house, chosen, tally, verbose=bool(os.environ.get("INTEROP_VERBOSE")))
    except Exception as error:  # the server is not there: what is left has failed
        print(f"not ok the server is there: {error}")
    finally:
        try:
            await house.move_out()
        except RuntimeError as error:
            tally.chosen += 1
            print(f"not ok the server stops: {error}")
        print(f"{server.kind}, {time.monotonic() - began:.0f} s")
        print(tally, flush=True)
    return 1 if tally.failed or not chosen else 0


def run() -> int:
    level = logging.DEBUG if os.environ.get("INTEROP_DEBUG") else logging.CRITICAL
    work = Path(tempfile.mkdtemp(prefix="interop-"))
    logging.basicConfig(filename=work / "wire.log", level=level)
    status = 1
    try:
        status = asyncio.run(main(work, sys.argv[1:]))
    except asyncio.CancelledError:
        pass
    finally:
        if status and os.environ.get("INTEROP_KEEP"):
            print(f"kept: {work}")
        else:
            shutil.rmtree(work)
    return status


sys.exit(run())
