"""The ``porchlight`` command: the first worker begins, if everything is to run, before the commands are imported."""

import sys
from contextlib import ExitStack


def main() -> None:
    """Runs a command; a mistake is one clear message and a non-zero exit."""
    with ExitStack() as at_end:
        early = None
        if sys.argv[1:2] == ["run"]:
            from app.early import begin_worker

            early = begin_worker()
            if early:
                at_end.callback(early.end)

        from app.commands import application
        from app.start import refusals

        try:
            application(obj=early)
        except refusals() as error:
            said = str(error)
            sys.stderr.write(f"{said}\n" if said.startswith("porchlight ") else f"porchlight: {said}\n")
            sys.exit(2)


if __name__ == "__main__":
    main()
