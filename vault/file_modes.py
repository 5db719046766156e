"""Who may read a secret's file: its owner alone, or whom root lends it to."""

import os
import stat


def is_lent_by_root(found: os.stat_result) -> bool:
    """True for a file of root's that others cannot read and that a group may read because root says so.

    systemd's LoadCredential= shows root:root 0440: the group bit is the mask of an ACL that names our user alone. A key
    file that is to be rotated under running programs is 0640, with a group of its own for its readers.
    """
    group_readable = 0o640 if found.st_gid else 0o440
    return found.st_uid == 0 and stat.S_IMODE(found.st_mode) == group_readable
