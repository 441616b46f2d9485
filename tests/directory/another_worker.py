"""A second worker of the site: python -m tests.directory.another_worker ends with its input.

Reads lists of addresses, one in JSON to a line, and answers each line with what the pages say. It keeps its snapshots,
rows and finished pages between the lines, as any worker does. The environment names the database and the moment.
"""

import json
import os
import sys
from datetime import datetime

import time_machine


def ask(client, addresses: list[str]) -> list[str]:
    answers = [client.get(address) for address in addresses]
    return [f"{one.status_code} {one.getvalue().decode()}" for one in answers]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.conf import settings
    from django.test import Client
    from django.test.utils import setup_test_environment

    django.setup()
    settings.LINES_ROOT = os.environ["LINES_ROOT"]
    setup_test_environment()
    with time_machine.travel(datetime.fromisoformat(os.environ["MOMENT"]), tick=False):
        client = Client()
        for line in sys.stdin:
            print(json.dumps(ask(client, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
