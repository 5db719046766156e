"""The vendored scripts and their subresource integrity; no page loads anything from another host."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"

VENDORED = {
    "htmx.min.js": "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg",
    "sse.min.js": "sha384-A986SAtodyH8eg8x8irJnYUk7i9inVQqYigD6qZ9evobksGNIXfeFvDwLSHcp31N",
}
"""File in ``static/vendor`` and its integrity attribute; a test compares them with the files."""
