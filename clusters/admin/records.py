"""The nouns of the admin in the order in which its first page lists them; importing this registers them all."""

from . import (  # noqa: F401 I001
    district,
    company,
    institution,
    program,
    event,
    indicator,
    source,
    taxonomy,
    curation,
    proposals,
    duplicates,
    merging,
    imports,
    upkeep,
    actions,
    accounts,
)
