"""The tables of HSDS 3.0's tabular package, and what hangs from what.

Names of tables and columns are those of the Human Services Data Specification 3.0 by Open Referral.
"""

from collections.abc import Mapping
from dataclasses import dataclass

OF_FIELD: Mapping[str, str] = {
    "phones": "phone",
    "schedules": "schedule",
    "service_areas": "service_area",
    "service_at_locations": "service_at_location",
    "languages": "language",
    "funding": "funding",
    "cost_options": "cost_option",
    "required_documents": "required_document",
    "contacts": "contact",
    "addresses": "address",
    "accessibility": "accessibility",
    "locations": "location",
    "programs": "program",
    "organization_identifiers": "organization_identifier",
    "attributes": "attribute",
    "metadata": "metadata",
}
"""The table that a nested list comes from."""


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV file: its columns, which of them hold numbers, what is nested below a row.

    ``many`` are fields with rows of another table that point back; ``one`` are fields with the row that a column names.
    """

    file: str
    columns: tuple[str, ...]
    numbers: frozenset[str]
    many: tuple[str, ...]
    one: Mapping[str, tuple[str, str]]


def _table(file: str, columns: str, many: str = "", numbers: str = "", **one: tuple[str, str]) -> Table:
    return Table(file, tuple(columns.split()), frozenset(numbers.split()), tuple(many.split()), one)


TABLES: Mapping[str, Table] = {
    "accessibility": _table(
        "accessibility.csv",
        "id location_id description details url",
        "attributes metadata",
    ),
    "address": _table(
        "addresses.csv",
        "id location_id attention address_1 address_2 city region state_province postal_code country address_type",
        "attributes metadata",
    ),
    "attribute": _table(
        "attributes.csv",
        "id link_id taxonomy_term_id link_type link_entity value",
        "metadata",
        taxonomy_term=("taxonomy_term", "taxonomy_term_id"),
    ),
    "contact": _table(
        "contacts.csv",
        "id organization_id service_id service_at_location_id location_id name title department email",
        "phones attributes metadata",
    ),
    "cost_option": _table(
        "cost_options.csv",
        "id service_id valid_from valid_to option currency amount amount_description",
        "attributes metadata",
        numbers="amount",
    ),
    "funding": _table(
        "funding.csv",
        "id organization_id service_id source",
        "attributes metadata",
    ),
    "language": _table(
        "languages.csv",
        "id service_id location_id phone_id name code note",
        "attributes metadata",
    ),
    "location": _table(
        "locations.csv",
        "id location_type url organization_id name alternate_name description transportation latitude "
        "longitude external_identifier external_identifier_type",
        "languages addresses contacts accessibility phones schedules attributes metadata",
        numbers="latitude longitude",
    ),
    "metadata": _table(
        "metadata.csv",
        "id resource_id resource_type last_action_date last_action_type field_name previous_value "
        "replacement_value updated_by",
    ),
    "organization": _table(
        "organizations.csv",
        "id name alternate_name description email website tax_status tax_id year_incorporated "
        "legal_status logo uri parent_organization_id",
        "funding contacts phones locations programs organization_identifiers attributes metadata",
        numbers="year_incorporated",
    ),
    "organization_identifier": _table(
        "organization_identifiers.csv",
        "id organization_id identifier_scheme identifier_type identifier",
        "attributes metadata",
    ),
    "phone": _table(
        "phones.csv",
        "id location_id service_id organization_id contact_id service_at_location_id number extension type description",
        "languages attributes metadata",
        numbers="extension",
    ),
    "program": _table(
        "programs.csv",
        "id organization_id name alternate_name description",
        "attributes metadata",
    ),
    "required_document": _table(
        "required_documents.csv",
        "id service_id document uri",
        "attributes metadata",
    ),
    "schedule": _table(
        "schedules.csv",
        "id service_id location_id service_at_location_id valid_from valid_to dtstart timezone until "
        "count wkst freq interval byday byweekno bymonthday byyearday description opens_at closes_at "
        "schedule_link attending_type notes",
        "attributes metadata",
        numbers="timezone count interval",
    ),
    "service": _table(
        "services.csv",
        "id organization_id program_id name alternate_name description url email status "
        "interpretation_services application_process fees_description wait_time fees accreditations "
        "eligibility_description minimum_age maximum_age assured_date assurer_email licenses alert "
        "last_modified",
        "phones schedules service_areas service_at_locations languages funding cost_options "
        "required_documents contacts attributes metadata",
        numbers="minimum_age maximum_age",
        organization=("organization", "organization_id"),
        program=("program", "program_id"),
    ),
    "service_area": _table(
        "service_areas.csv",
        "id service_id name description extent extent_type uri",
        "attributes metadata",
    ),
    "service_at_location": _table(
        "service_at_location.csv",
        "id service_id location_id description",
        "contacts phones schedules attributes metadata",
        location=("location", "location_id"),
    ),
    "taxonomy": _table(
        "taxonomies.csv",
        "id name description uri version",
        "metadata",
    ),
    "taxonomy_term": _table(
        "taxonomy_terms.csv",
        "id code name description parent_id taxonomy language taxonomy_id term_uri",
        "metadata",
        taxonomy_detail=("taxonomy", "taxonomy_id"),
    ),
}


def pointing_column(parent: str, child: str) -> str:
    """The column with which a row of ``child`` points at a row of ``parent``; empty if the standard has none."""
    column = {"attribute": "link_id", "metadata": "resource_id"}.get(child, f"{parent}_id")
    return column if column in TABLES[child].columns else ""


def list_pointers(table: str) -> frozenset[str]:
    """Columns that only say where a row hangs; a nested record goes without them."""
    parents = [name for name, parent in TABLES.items() if any(OF_FIELD[field] == table for field in parent.many)]
    return frozenset(filter(None, (pointing_column(parent, table) for parent in parents)))
