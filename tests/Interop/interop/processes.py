"""Child processes that end with the run: by their own pid, and by the kernel if the run is killed."""

import asyncio
import ctypes
import signal
import socket

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def _die_with_parent() -> None:
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


async def start(*command: str, **options) -> asyncio.subprocess.Process:
    """Starts a program in a session of its own, so that a Ctrl-C reaches the run alone."""
    return await asyncio.create_subprocess_exec(
        *command, start_new_session=True, preexec_fn=_die_with_parent, **options
    )


async def end(process: asyncio.subprocess.Process | None, patience: float = 15) -> bool:
    """Ends a process; False where it had to be killed."""
    if process is None or process.returncode is not None:
        return True
    process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), patience)
        return True
    except asyncio.TimeoutError:
        process.kill()
        await process.wait()
        return False


async def run(*command: str, stdin: str = "", timeout: float = 30, **options) -> str:
    """Runs a program to its end and gives back what it printed; a failure names the program."""
    process = await start(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        **options,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(stdin.encode()), timeout)
    finally:
        await end(process, patience=1)
    if process.returncode != 0:
        said = (err or out).decode(errors="replace").strip()[-400:]
        raise RuntimeError(f"{' '.join(command[:4])} … ended with {process.returncode}: {said}")
    return out.decode(errors="replace")


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on at this moment, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


async def listening(port: int, process: asyncio.subprocess.Process, patience: float = 30) -> None:
    """Waits until somebody accepts on the port, or fails as soon as the process is gone."""
    deadline = asyncio.get_running_loop().time() + patience
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        except OSError:
            if process.returncode is not None:
                raise RuntimeError(f"the server ended with {process.returncode} at its start")
            if asyncio.get_running_loop().time() > deadline:
                raise RuntimeError(f"nobody listens on port {port} after {patience:.0f} s")
            await asyncio.sleep(0.02)  # a port has no event to wait for
