"""An area as an id without blanks, for the slot, and back."""

import re

from hotline.areas import Area

SKIP = "skip"
UNKNOWN = "unknown"
_PARTS = 4
_OTHER_SIGNS = re.compile(r"[^A-Za-z0-9_.+-]")


def encode_area(area: Area) -> str:
    """State, county, city and ZIP between colons, blanks as underlines: ``NV:Clark_County:Las_Vegas:``."""
    parts = (area.state, area.county, area.city, area.zip)
    return ":".join(_OTHER_SIGNS.sub("", (part or "").replace(" ", "_")) for part in parts)


def find_encoded_area(code: object) -> Area | None:
    """The area of a code; None if it was skipped, is unknown, or is no code."""
    parts = str(code or "").split(":")
    if len(parts) != _PARTS:
        return None
    state, county, city, zip_code = (part.replace("_", " ") or None for part in parts)
    return Area(city=city, county=county, state=state, zip=zip_code)
