"""What an address takes, and how an address that is only read is described."""

from dataclasses import dataclass
from typing import Any

_PROBLEM = {
    "description": "Bad Request",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


@dataclass(frozen=True)
class Parameter:
    name: str
    label: str
    schema: dict[str, Any]
    repeats: bool = False

    @property
    def values(self) -> list[str]:
        """The codes it takes, where these are given."""
        return self.schema.get("enum") or self.schema.get("items", {}).get("enum") or []

    @property
    def described(self) -> dict[str, Any]:
        more = {"style": "form", "explode": True} if self.repeats else {}
        return {
            "name": self.name,
            "in": "query",
            "description": self.label,
            "schema": self.schema,
            **more,
        }


def read(summary: str, taken: list[Parameter], content: dict[str, Any]) -> dict[str, Any]:
    """One address as OpenAPI has it: what it takes, and what it answers by content type."""
    return {
        "get": {
            "summary": summary,
            "parameters": [one.described for one in taken],
            "responses": {
                "200": {"description": "OK", "content": content},
                "304": {"description": "Not Modified"},
                "400": _PROBLEM,
            },
        }
    }
