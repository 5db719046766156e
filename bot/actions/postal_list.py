"""The postal list as lines: ``python -m bot.actions.postal_list``, a process of its own, because of its memory.

The ``zipcodes`` package unpacks the whole country into 37 MB and keeps them; what a program needs of it is less than 2.
"""

import os
import subprocess
import sys

from hotline.gazetteer import use_postal_list

_SECONDS_ALLOWED = 30
_FIRST = ("zip_code", "state", "county", "city")


def write_lines() -> str:
    """A line for each ZIP: itself, state, county, city and its other names, with tabs between."""
    import zipcodes

    rows = zipcodes.list_all()  # type: ignore[no-untyped-call]
    return "\n".join(
        "\t".join((row["zip_code"], row["state"], row["county"], row["city"], *row["acceptable_cities"]))
        for row in rows
    )


def load_postal_list() -> bool:
    """Has the lines made by a child process, for this one. If that fails (False), the package itself is read."""
    command = [sys.executable, "-m", __name__]
    no_secrets = {name: value for name, value in os.environ.items() if not name.startswith("PORCHLIGHT_")}
    try:
        done = subprocess.run(
            command, env=no_secrets, capture_output=True, text=True, timeout=_SECONDS_ALLOWED, check=True
        )
    except (OSError, subprocess.SubprocessError, UnicodeError):
        return False
    use_postal_list(done.stdout)
    return True


if __name__ == "__main__":
    sys.stdout.write(write_lines())
