"""Which code answers: whatever is kept of answers is good for one version of it."""

import hashlib
from functools import cache
from pathlib import Path

import django
from django.conf import settings

import clusters


@cache
def code_version() -> str:
    """A checksum of all that makes pages of data: code, templates, translations, links to static files, Django."""
    digest = hashlib.blake2b(digest_size=8)
    app = Path(clusters.__file__).parent
    files = [
        *app.rglob("*.py"),
        *app.rglob("*.mo"),
        *(settings.BASE_DIR / "config").rglob("*.py"),
        *filter(Path.is_file, (settings.BASE_DIR / "templates").rglob("*")),
    ]
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    for path in sorted(files) + ([manifest] if manifest.exists() else []):
        digest.update(path.read_bytes())
    digest.update(django.__version__.encode())
    return digest.hexdigest()
