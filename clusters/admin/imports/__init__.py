"""The pages on which a curator brings files in: upload, mapping, rehearsal, result, undo, and the export."""

from . import batches, profiles  # noqa: F401  registers them
