"""The WSGI entry point that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from clusters.directory.code import code_version  # noqa: E402 - it needs the settings

code_version()  # of the code that was just loaded: newer files may lie there when a worker starts later
