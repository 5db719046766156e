"""As what a word or a number may lie about and still be one: every encoding that a library of ours could put it in."""

import base64
import binascii
import contextlib
import gzip
import html
import json
import quopri
import re
import urllib.parse
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import re2

from tests.proof.canaries import Aviary


def _compile(pattern: str) -> Any:
    """A pattern over bytes, linear in their number: a process's memory is long."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = 256 * 1024 * 1024
    return re2.compile(pattern.encode(), options)


_PACKED = _compile(r"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
_PACKED_IN_BASE64 = _compile(r"(?:H4sI|e[JNAF])[A-Za-z0-9+/_-]{16,}")
_LINES_OF_BASE64 = _compile(r"(?:[A-Za-z0-9+/_-]{60,76}\r?\n)+[A-Za-z0-9+/_=-]{2,76}")
_SOFT_BREAK = re.compile(rb"=\r?\n")
_UNPACKED_MOST = 1_000_000
_AROUND, _MOST = 256, 5_000


def _base64_alignments(text: bytes) -> set[bytes]:
    """What of a text's base64 does not hang on its neighbours, for each of three places that it may begin at."""
    found = set()
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + text)
        found.add(coded[-(-before * 8 // 6) : (before + len(text)) * 8 // 6])
    return found


def _each(text: str, shape: str) -> bytes:
    return "".join(shape.format(ord(letter)) for letter in text).encode()


@cache
def spellings(text: str) -> Mapping[str, set[bytes]]:
    """Shape to what ``text`` (ASCII, lower case) looks like in it. Shapes of letters only are told in lower case."""
    plain = text.encode()
    return {
        "plain": {plain},
        "utf-16": {text.encode("utf-16-le"), text.encode("utf-16-be")},
        "utf-32": {text.encode("utf-32-le"), text.encode("utf-32-be")},
        "base64": _base64_alignments(plain),
        "base64 of utf-16": _base64_alignments(text.encode("utf-16-le")),
        "url": {_each(text, "%{:02x}")},
        "json escapes": {_each(text, "\\u{:04x}")},
        "byte escapes": {_each(text, "\\x{:02x}")},
        "html entities": {_each(text, "&#{};"), _each(text, "&#x{:x};")},
        "hex": {binascii.hexlify(plain), binascii.hexlify(plain, " ")},
        "quoted-printable": {_each(text, "={:02x}")},
    }


@cache
def number_forms(number: str) -> set[str]:
    """How people and libraries write ten digits; the country's code may stand before."""
    area, exchange, line = number[:3], number[3:6], number[6:]
    forms = {number, number[::-1]}
    for first in (f"{area} {exchange}", f"{area}-{exchange}", f"{area}.{exchange}", f"({area}) {exchange}"):
        forms |= {f"{first}{between}{line}" for between in (" ", "-", ".")} if line else {first}
    return forms | {quote(form).lower() for form in forms for quote in (urllib.parse.quote, urllib.parse.quote_plus)}


_EXACT = frozenset({"base64", "base64 of utf-16"})
"""Shapes in which upper and lower case differ; the others are looked for in lower case."""


class Finder:
    """Finds any canary of a run in bytes, in any shape. Says which path's and which shape, never the words."""

    def __init__(self, aviary: Aviary) -> None:
        self._aviary = aviary
        beginnings = number_forms(aviary.exchange) | {aviary.chats, aviary.chats[::-1]}
        self._stems = [(shape, n) for shape, needles in spellings(aviary.stem).items() for n in needles]
        self._digits = sorted({(s, n) for text in beginnings for s, ns in spellings(text).items() for n in ns})
        self._any = _compile(_alternatives([*self._stems, *self._digits]))
        self.searched = 0

    def search(self, content: bytes, *, unpack: bool = True) -> set[tuple[str, str]]:
        """Path ("?" if it cannot be told) and shape of everything that is found."""
        self.searched += len(content)
        found = self._search_flat(content)
        if unpack:
            for packed in _unpack(content):
                found |= {(path, f"packed, {shape}") for path, shape in self._search_flat(packed)}
        return found

    def _search_flat(self, content: bytes) -> set[tuple[str, str]]:
        found = self._search_once(content)
        if b"=\n" in content or b"=\r\n" in content:
            found |= self._search_once(_SOFT_BREAK.sub(b"", content))
        for lines in _LINES_OF_BASE64.finditer(content):
            found |= self._search_once(lines[0].replace(b"\r", b"").replace(b"\n", b""))
        return found

    def _search_once(self, content: bytes) -> set[tuple[str, str]]:
        # Whose it is is asked of what lies around each beginning alone: the memory of a program is long.
        around = [content[max(0, m.start() - _AROUND) : m.end() + _AROUND] for m in self._any.finditer(content)]
        if not around:
            return set()
        content = b"\0\0\0\0".join(around[:_MOST])
        folded = content.lower()
        found: set[tuple[str, str]] = set()
        for shape, needle in self._stems:
            place = content if shape in _EXACT else folded
            if needle in place:
                found |= {(path, shape) for path in self._whose_word(place, shape)}
        numbers = {shape for shape, needle in self._digits if needle in (content if shape in _EXACT else folded)}
        for shape in numbers:
            found |= {(path, f"number, {shape}") for path in self._whose_number(content, folded, shape)}
        return found

    def _whose_word(self, place: bytes, shape: str) -> list[str]:
        birds = self._aviary.birds.values()
        return [b.path for b in birds if any(n in place for n in spellings(b.word)[shape])] or ["?"]

    def _whose_number(self, content: bytes, folded: bytes, shape: str) -> Iterator[str]:
        place = content if shape in _EXACT else folded
        for bird in self._aviary.birds.values():
            forms = number_forms(bird.number) | {bird.chat, bird.chat[::-1]}
            if any(needle in place for form in forms for needle in spellings(form)[shape]):
                yield bird.path


def _alternatives(needles: Iterable[tuple[str, bytes]]) -> str:
    def escape(needle: bytes) -> str:
        return "".join(f"\\x{byte:02x}" for byte in needle)

    exact = sorted({escape(needle) for shape, needle in needles if shape in _EXACT})
    folded = sorted({escape(needle) for shape, needle in needles if shape not in _EXACT})
    return f"(?:{'|'.join(exact)})|(?i:{'|'.join(folded)})"


def _unpack(content: bytes) -> Iterator[bytes]:
    """Whatever lies in gzip or zlib anywhere, in base64 too, or as bare deflate from the beginning."""
    for match in _PACKED_IN_BASE64.finditer(content):
        coded = match[0].translate(bytes.maketrans(b"-_", b"+/"))
        with contextlib.suppress(zlib.error, binascii.Error):
            yield zlib.decompressobj(47).decompress(binascii.a2b_base64(coded[: len(coded) // 4 * 4]), _UNPACKED_MOST)
    whole = memoryview(content)
    starts = [(match.start(), 47) for match in _PACKED.finditer(content)] + [(0, -15)]
    for start, bits in starts:
        with contextlib.suppress(zlib.error):
            opened = zlib.decompressobj(bits).decompress(whole[start : start + _UNPACKED_MOST], _UNPACKED_MOST)
            if len(opened) > 8:
                yield opened


PLANTED: Mapping[str, Callable[[str], bytes]] = {
    "UTF-8": str.encode,
    "upper case": lambda text: text.upper().encode(),
    "UTF-16 LE": lambda text: text.encode("utf-16-le"),
    "UTF-16 BE": lambda text: text.encode("utf-16-be"),
    "UTF-32": lambda text: text.encode("utf-32-le"),
    "base64, first place": lambda text: base64.b64encode(text.encode()),
    "base64, second place": lambda text: base64.b64encode(b"x" + text.encode()),
    "base64, third place": lambda text: base64.b64encode(b"xy" + text.encode()),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(b"\xff\xfe" + text.encode()),
    "base64 in lines": lambda text: base64.encodebytes(b"." * 40 + text.encode()),
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")),
    "URL": lambda text: urllib.parse.quote(text).encode(),
    "URL with plus": lambda text: urllib.parse.quote_plus(text).encode(),
    "URL, every letter": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()).encode(),
    "JSON": lambda text: json.dumps({"body": text}).encode(),
    "JSON in JSON": lambda text: json.dumps(json.dumps({"body": text})).encode(),
    "JSON, every letter": lambda text: "".join(f"\\u{ord(letter):04X}" for letter in text).encode(),
    "bytes as Python shows them": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()).encode(),
    "HTML": lambda text: html.escape(text).encode("ascii", "xmlcharrefreplace"),
    "HTML, every letter": lambda text: "".join(f"&#{ord(letter)};" for letter in text).encode(),
    "HTML in hex": lambda text: "".join(f"&#x{ord(letter):X};" for letter in text).encode(),
    "hex": lambda text: text.encode().hex().encode(),
    "hex in upper case": lambda text: text.encode().hex().upper().encode(),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()),
    "quoted-printable, broken lines": lambda text: quopri.encodestring(b"." * 70 + text.encode()),
    "quoted-printable, every letter": lambda text: "".join(f"={byte:02X}" for byte in text.encode()).encode(),
    "gzip": lambda text: b"before" + gzip.compress(text.encode()) + b"after",
    "zlib": lambda text: b"before" + zlib.compress(text.encode()),
    "zlib, stored": lambda text: zlib.compress(text.encode(), 0),
    "bare deflate": lambda text: zlib.compress(text.encode(), wbits=-15),
    "gzip in base64": lambda text: base64.b64encode(gzip.compress(text.encode())),
    "zlib in base64 for URLs": lambda text: base64.urlsafe_b64encode(zlib.compress(text.encode())),
    "gzip of JSON": lambda text: gzip.compress(json.dumps({"body": text}).encode()),
}
"""Every shape in which a test plants a sentence, and the search must find it."""

PLANTED_NUMBERS: Mapping[str, Callable[[str], str]] = {
    "as sent": lambda number: f"+1{number}",
    "bare": str,
    "with spaces": lambda number: f"{number[:3]} {number[3:6]} {number[6:]}",
    "with dashes": lambda number: f"{number[:3]}-{number[3:6]}-{number[6:]}",
    "with dots": lambda number: f"{number[:3]}.{number[3:6]}.{number[6:]}",
    "with brackets": lambda number: f"({number[:3]}) {number[3:6]}-{number[6:]}",
    "backwards": lambda number: number[::-1],
}
