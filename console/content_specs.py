"""Which fields the forms of a reply, a line and a place have (G1, D2, D4)."""

from console.content_fields import Field
from console.content_rows import AREAS, HOURS, PHONES, SPEECHES
from hotline.line_records import CLOSED, OPEN
from hotline.vetting import FACTORS

STATUSES = (OPEN, "inactive", "defunct", CLOSED)
WHO = (
    "boys", "by_gender_they_say", "under_18_alone", "lgbtq_affirming", "parents_with_children", "tribal",
    "disability_access",
)  # fmt: skip
_ADDRESS = ("service_at_locations", 0, "location", "addresses", 0)
ADDRESS_FIELDS = ("address_1", "address_2", "city", "state_province", "postal_code", "near")
CONFIDENTIAL = "address_confidential"


def list_reply_fields(language: str) -> tuple[Field, ...]:
    """A reply in one language. What it offers is the same in every language, so both share those fields."""
    return (
        Field(f"text_{language}", ("text",), "text", label="text", language=language),
        Field(f"called_{language}", ("called",), "words", label="called", language=language),
        Field("offers", ("offers",), "words"),
    )


def list_line_fields() -> tuple[Field, ...]:
    """A hotline number."""
    return (
        Field("name_en", ("name", "en"), label="name", language="en"),
        Field("name_es", ("name", "es"), label="name", language="es"),
        Field("call_number", ("call", "number")),
        Field("call_aid", ("call", "aid")),
        Field("text_number", ("text", "number")),
        Field("text_aid", ("text", "aid")),
        Field("text_words", ("text", "words"), "yaml"),
        Field("web", ("web",)),
        Field("note_en", ("note", "en"), "text", label="note", language="en"),
        Field("note_es", ("note", "es"), "text", label="note", language="es"),
        Field("hours", ("hours",), "yaml", label="line_hours"),
        Field("minimum_age", ("ages", "minimum"), "number"),
        Field("maximum_age", ("ages", "maximum"), "number"),
        Field("needs", ("needs",), "words"),
        Field("extents", ("extents",), "words"),
        Field("ease", ("ease",), "number"),
        Field("who", ("who",), "text", label="whom"),
        Field("may_report", ("may_report",), "known", when_empty="unknown"),
        Field("status", ("status",), "choice", options=(OPEN, CLOSED)),
        Field("never_hidden", ("never_hidden",), "switch"),
        Field("evidence", ("evidence",)),
        Field("source", ("source",)),
    )


def list_place_fields() -> tuple[Field, ...]:
    """A place: what is said of it."""
    ours = "porchlight"
    return (
        Field("place_name", ("name",), label="name"),
        Field("status", ("status",), "choice", options=STATUSES),
        Field("publish", (ours, "publish"), "switch"),
        Field("reason", (ours, "reason")),
        Field("description", ("description",), "text"),
        Field("phones", ("phones",), "rows", columns=PHONES),
        Field("schedules", ("schedules",), "rows", columns=HOURS),
        Field("on_holidays", (ours, "on_holidays"), "choice", options=("same", "closed", "unknown")),
        Field("service_areas", ("service_areas",), "rows", columns=AREAS),
        Field("languages", ("languages",), "rows", columns=SPEECHES),
        Field("line", (ours, "line"), label="instead_line"),
        Field("time_zone", (ours, "time_zone")),
        Field("minimum_age", ("minimum_age",), "number"),
        Field("maximum_age", ("maximum_age",), "number"),
        Field("eligibility", ("eligibility_description",), "text"),
        Field("needs", (ours, "needs"), "words"),
        Field("call_first", (ours, "call_first"), "switch"),
        *(
            Field(name, (ours, name), "known", when_empty="unknown")
            for name in ("walk_in", "parent_contact", "shares_with_police", "faith_based", "returns_after_running")
        ),
        *(Field(f"who_{name}", (ours, "who", name), "known", when_empty="unknown") for name in WHO),
        Field("evidence", (ours, "evidence")),
        Field("source", (ours, "source")),
    )


def list_address_fields() -> tuple[Field, ...]:
    """The switch, and what it empties and locks (D4)."""
    return (
        Field(CONFIDENTIAL, ("porchlight", "address_confidential"), "known", when_empty="unknown"),
        *(Field(name, (*_ADDRESS, name)) for name in ADDRESS_FIELDS[:-1]),
        Field("near", ("porchlight", "near")),
    )


def list_vetting_fields() -> tuple[Field, ...]:
    """The eleven factors, when, who was asked, how, and who answers for it (D2)."""
    vetting = ("porchlight", "vetting")
    return (
        *(Field(f"vet_{name}", (*vetting, "factors", name), "known", when_empty="unknown") for name in FACTORS),
        Field("vetted_on", (*vetting, "vetted_on"), "date", when_empty=None),
        Field("asked", (*vetting, "asked")),
        Field("how", (*vetting, "how")),
        Field("vetted_by", (*vetting, "approved_by"), "words", when_empty=[]),
    )
