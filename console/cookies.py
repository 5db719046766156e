"""Cookies and the CSRF tokens bound to them."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class Cookies:
    """Names and flags: with https they carry the ``__Host-`` prefix and Secure (RFC 6265bis, 4.1.3.2)."""

    https: bool

    @property
    def login(self) -> str:
        """The cookie that holds the login id."""
        return "__Host-porchlight" if self.https else "porchlight"

    @property
    def visitor(self) -> str:
        """The cookie that ties the login form to the browser that asked for it."""
        return "__Host-porchlight-visitor" if self.https else "porchlight-visitor"

    def find(self, request: Request, name: str) -> str | None:
        """The cookie's value, if it looks like one of ours."""
        value = request.cookies.get(name, "")
        return value if 20 <= len(value) <= 200 else None

    def put(self, response: Response, name: str, value: str) -> None:
        """Sets a cookie for the browser's lifetime that no script reads and no other site sends."""
        response.set_cookie(name, value, path="/", secure=self.https, httponly=True, samesite="strict")

    def drop(self, response: Response, name: str) -> None:
        """Takes the cookie away."""
        response.delete_cookie(name, path="/", secure=self.https, httponly=True, samesite="strict")


def create_visitor() -> str:
    """A random id for a browser that is not logged in."""
    return secrets.token_urlsafe(32)


def build_token(secret: str) -> str:
    """The CSRF token of a login id or visitor id; says nothing about it."""
    return hmac.new(secret.encode(), b"porchlight/v1|csrf", hashlib.sha256).hexdigest()


def verify_token(secret: str, token: str) -> bool:
    """True if the token is the secret's; constant time."""
    return hmac.compare_digest(build_token(secret).encode(), token.encode("utf-8", "surrogatepass"))
