"""The embedded store under a service manager instead of our supervisor: ``python -m app.store_command init|serve ...``.

``init FOLDER SOCKETS`` makes ``FOLDER/store.acl`` and ``keys.acl`` (what each program may do, under new passwords) and
for every program the files that LoadCredential hands out: ``FOLDER/webhooks.redis_url``, ``webhooks.keys_url`` ...
``serve store|keys FOLDER SOCKETS DATA`` becomes that server.
"""

import os
import secrets
import sys
from pathlib import Path

from app.embedded_store import Instance, StoreMissing, find_server, write_private
from app.store_acl import KEYS_RIGHTS, STORE_RIGHTS, acl_page
from bot.short_turns import take_short_turns

_RIGHTS = {"store": STORE_RIGHTS, "keys": KEYS_RIGHTS}
_FILES = {"store": "redis_url", "keys": "keys_url"}


def create_store_files(folder: Path, sockets: Path) -> list[Path]:
    """Writes the ACL files and every program's URLs, all 0600, in place of older ones; restart everything after it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for name, rights in _RIGHTS.items():
        passwords = {program: secrets.token_hex(24) for program in rights}
        instance = Instance(name, folder, sockets / f"{name}.sock", folder / f"{name}.acl", False, rights, passwords)
        write_private(instance.acl_file, acl_page(rights, passwords))
        written.append(instance.acl_file)
        for program in rights:
            path = folder / f"{program}.{_FILES[name]}"
            write_private(path, f"{instance.url(program)}\n")
            written.append(path)
    return written


def build_command(name: str, acl_folder: Path, sockets: Path, data: Path) -> list[str]:
    """The server's command line, with the very options of the supervised store. Raises StoreMissing, KeyError."""
    socket, acl = sockets / f"{name}.sock", acl_folder / f"{name}.acl"
    # The programs run as users of their own and share the store's group; passwords tell them apart.
    instance = Instance(name, data, socket, acl, name == "store", _RIGHTS[name], {}, socket_mode="770")
    return instance.command(find_server())


def main(arguments: list[str]) -> int:
    """The command line; ``serve`` does not return."""
    match arguments:
        case ["init", folder, sockets]:
            for path in create_store_files(Path(folder), Path(sockets)):
                sys.stdout.write(f"made {path}\n")
            return 0
        case ["serve", "store" | "keys" as name, folder, sockets, data]:
            try:
                command = build_command(name, Path(folder), Path(sockets), Path(data))
            except StoreMissing as error:
                sys.stderr.write(f"{error}\n")
                return 2
            take_short_turns()
            os.execv(command[0], command)  # noqa: S606 - a server of ours, with options of ours
        case _:
            sys.stderr.write("usage: store_command init FOLDER SOCKETS | serve store|keys FOLDER SOCKETS DATA\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
