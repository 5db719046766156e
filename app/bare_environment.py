"""What any child of ours is told of the machine; nothing here is ours, and none of it is secret."""

import os

_SYSTEM = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")


def build_bare_environment() -> dict[str, str]:
    """An allow-list out of our own environment, and that output is not kept back."""
    return {**{name: os.environ[name] for name in _SYSTEM if name in os.environ}, "PYTHONUNBUFFERED": "1"}
