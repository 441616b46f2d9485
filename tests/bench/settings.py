"""The shipped settings with one page more, the floor that the others are measured against; no finished page is kept."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.floor"
CACHES = {"default": CACHES["default"]}  # noqa: F405
