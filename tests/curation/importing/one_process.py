"""Imports a folder in a process of its own: python -m tests.curation.importing.one_process FOLDER STEP LIMIT.

STEP: at which step of writing the process kills itself; -1 for never. LIMIT: the most bytes any file may have, 0
for any. Prints what came of it. DATA_DIR says which database.
"""

import os
import resource
import signal
import sys
from pathlib import Path


def main(folder: str, step: int, limit: int) -> None:
    import django

    django.setup()
    from clusters.curation.importing import applying, gathering, rehearsal, sheets

    sheets.PIECE = 50
    steps = 0

    def progress(done: int, of: int) -> None:
        nonlocal steps
        if steps == step:
            os.kill(os.getpid(), signal.SIGKILL)
        steps += 1

    read, _used = gathering.gather([Path(folder)])
    plan = rehearsal.rehearse(read)
    if limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        batch = applying.apply(plan, file_name="made.zip", progress=progress, wait=60)
    except applying.NotApplied as problem:
        print(f"refused: {problem}")
    else:
        print("applied" if batch else "nothing to write")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
