"""The shipped content, the standard's own examples, and an import that is taken in."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from hotline.exchange.entry import list_entries
from hotline.exchange.forms import list_services
from hotline.exchange.plan import Plan, plan_import
from tests.hotline.verified import shipped_documents

TODAY = date(2026, 11, 21)
EXAMPLES = Path(__file__).parent.parent / "fixtures" / "hsds-3.0"
OF_SERVICES = ("service_full", "service_at_location_full", "service_list")


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))


def services_of(name: str) -> list[dict[str, Any]]:
    return list_services(example(name))


def a_place(**more: Any) -> dict[str, Any]:
    """A place in Las Vegas as another directory would give it."""
    return {
        "id": "6f0e2a7e-5a3c-4b61-9d55-0d7a5a1f0c11",
        "name": "Quail Street Clinic",
        "status": "active",
        "description": "A walk-in clinic.",
        "phones": [{"id": "1c1f64f4-4a5e-4d0b-9a2e-8f5a65b0a001", "number": "(702) 555-0142", "type": "voice"}],
        "service_at_locations": [
            {
                "id": "1c1f64f4-4a5e-4d0b-9a2e-8f5a65b0a002",
                "location": {
                    "id": "1c1f64f4-4a5e-4d0b-9a2e-8f5a65b0a003",
                    "location_type": "physical",
                    "addresses": [
                        {
                            "id": "1c1f64f4-4a5e-4d0b-9a2e-8f5a65b0a004",
                            "address_1": "77 Quail St",
                            "city": "Las Vegas",
                            "state_province": "NV",
                            "postal_code": "89119",
                            "country": "US",
                            "address_type": "physical",
                        }
                    ],
                },
            }
        ],
        "organization": {
            "id": "1c1f64f4-4a5e-4d0b-9a2e-8f5a65b0a005",
            "name": "Quail Health",
            "description": "Clinics.",
        },
        "wait_time": "None.",
    } | more


def plan(records: list[dict[str, Any]], documents: dict[str, Any] | None = None, **more: Any) -> Plan:
    return plan_import(records, documents or shipped_documents(), region="nevada", today=TODAY, **more)


def taken_in(records: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    documents = shipped_documents()
    return documents | dict(plan(records, documents, **more).documents)


def only(found):
    assert len(found.items) == 1
    return found.items[0]


def entry_of(documents, key):
    return next(entry for entry in list_entries(documents) if entry.key == key)
