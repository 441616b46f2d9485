"""How gunicorn serves the site: code and lists are there before its workers start, which share both."""

import ctypes
import gc
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"

preload_app = True  # what is loaded by then all workers share
threads = 4  # with one only, a file that takes longer than the timeout to send would be cut off
M_ARENA_MAX = -8  # of glibc's mallopt

with suppress(AttributeError, OSError):  # another C library has no such thing
    # All threads of a worker take memory from one heap, where one can use what another gave back.
    ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def when_ready(server) -> None:
    from clusters.directory import warming

    warming.warm("ko")  # once for all, in the language that most read
    if warming.lists_are_long():  # once for all, too, in a process of its own
        server.writing = subprocess.Popen(
            [sys.executable, MANAGE, "write_rows"],
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the server, which ends it
        )
    gc.collect()
    gc.freeze()  # what is shared stays so: nobody looks through it again for what can be thrown away


def on_exit(server) -> None:
    if (writing := getattr(server, "writing", None)) and writing.poll() is None:
        writing.terminate()


def post_worker_init(worker) -> None:
    from clusters.directory import warming

    warming.start()  # the rest; and everything anew in a worker that starts much later
