"""The site as it is shipped, started on a free loopback port with a database of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def running(**environment: str) -> Iterator[str]:
    """Serve the opening data; yields the address, and ends the server afterwards."""
    with TemporaryDirectory(prefix="clusters-") as folder:
        prepare(folder, **environment)
        with serving(folder, **environment) as address:
            yield address


def prepare(folder: str, **environment: str) -> None:
    """Fill a folder with what a server needs: the database with the opening data, the collected static files."""
    commands = [["migrate", "-v0"], ["load_fixtures", "-v0"]]
    collected = Path(os.environ.get("DATA_DIR") or ROOT / "var") / "static"
    if static_files_are_fresh(collected):
        shutil.copytree(collected, Path(folder) / "static")
    else:
        commands.append(["collectstatic", "--noinput", "-v0"])
    for command in commands:
        run(folder, [sys.executable, "manage.py", *command], **environment)


def run(folder: str, command: list[str], **environment: str) -> None:
    subprocess.run(
        command, cwd=ROOT, env=_environment(folder, environment), check=True, stdout=subprocess.DEVNULL
    )


def static_files_are_fresh(collected: Path) -> bool:
    """Whether a folder of collected static files is as new as their sources; collecting takes seconds."""
    stamp = collected / ".collected"
    changed = max((path.stat().st_mtime for path in (ROOT / "clusters" / "static").rglob("*")), default=0)
    return stamp.exists() and stamp.stat().st_mtime >= changed


@contextmanager
def serving(folder: str, **environment: str) -> Iterator[str]:
    """Serve what is in a prepared folder."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "config.wsgi",
            "--config",
            "config/gunicorn.py",
            "-b",
            f"127.0.0.1:{port}",
            "-w",
            "2",
            "--no-control-socket",
        ],
        cwd=ROOT,
        env=_environment(folder, {"SITE_URL": address, **environment}),
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(address + "/healthz", server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def _environment(folder: str, environment: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "DATA_DIR": folder, "DATABASE_URL": "", **environment}


def _wait_for(address: str, server: subprocess.Popen, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError("The server ended before it answered.")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("The server did not answer.")
