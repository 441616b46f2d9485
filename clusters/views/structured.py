"""Structured data: what a page says about its subject in the words of schema.org."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _


def absolute(address: str) -> str:
    return settings.SITE_URL + address


def _without_gaps(data: dict) -> dict:
    return {key: value for key, value in data.items() if value not in ("", None, [], {})}


def breadcrumbs(*steps: tuple[object, str]) -> dict:
    """Steps are (name, address) from the home page down."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": str(name), "item": absolute(address)}
            for number, (name, address) in enumerate([(_("Home"), reverse("home")), *steps], 1)
        ],
    }


def website() -> dict:
    return {
        "@type": "WebSite",
        "name": _("Seoul AI Clusters"),
        "url": absolute(reverse("home")),
        "potentialAction": {
            "@type": "SearchAction",
            "target": absolute(reverse("search")) + "?q={search_term_string}",
            "query-input": "required name=search_term_string",
        },
    }


def place(district) -> dict:
    return _without_gaps(
        {
            "@type": "Place",
            "name": str(district.name),
            "alternateName": [district.name_ko, district.name_en, *district.aliases],
            "description": str(district.summary),
            "url": absolute(district.get_absolute_url()),
            "address": {
                "@type": "PostalAddress",
                "addressLocality": str(district.municipality),
                "addressRegion": str(district.province),
                "addressCountry": "KR",
            },
            "geo": {
                "@type": "GeoCoordinates",
                "latitude": district.latitude,
                "longitude": district.longitude,
            },
        }
    )


def dataset(district, series_count: int) -> dict:
    """The indicators of a district as a data set; nothing when there are none."""
    return {
        "@type": "Dataset",
        "name": _("Indicators of %(district)s") % {"district": district.short_name},
        "description": _(
            "%(count)d series of published figures on %(district)s, each with its scope, period and source."
        )
        % {"count": series_count, "district": district.short_name},
        "url": absolute(district.get_absolute_url()),
        "isAccessibleForFree": True,
        "spatialCoverage": {"@type": "Place", "name": str(district.name)},
        "creator": {"@type": "Organization", "name": _("Seoul AI Clusters"), "url": settings.SITE_URL},
        "license": absolute(reverse("about")) + "#data",
    }


def organization(record) -> dict:
    """A company or an institution."""
    founded = getattr(record, "founded", "")
    return _without_gaps(
        {
            "@type": "Organization",
            "name": str(record.name),
            "alternateName": [record.name_ko, record.name_en, *record.aliases],
            "legalName": getattr(record, "legal_name_ko", ""),
            "description": str(getattr(record, "summary", "") or getattr(record, "role", "")),
            "url": absolute(record.get_absolute_url()),
            "sameAs": record.website,
            "foundingDate": str(founded),
            "tickerSymbol": getattr(record, "stock_code", ""),
        }
    )


def service(program) -> dict:
    operator = program.operator if program.operator and program.operator.is_public else None
    return _without_gaps(
        {
            "@type": "GovernmentService" if not program.private else "Service",
            "name": str(program.name),
            "description": str(program.summary),
            "url": absolute(program.get_absolute_url()),
            "serviceOperator" if not program.private else "provider": operator
            and {"@type": "Organization", "name": str(operator.name)},
            "audience": program.target and {"@type": "Audience", "audienceType": str(program.target)},
        }
    )
