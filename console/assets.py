"""The vendored scripts and their subresource integrity; no page loads anything from another host."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"

VENDORED = {
    "htmx.min.js": "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg",
    "sse.min.js": "sha384-A986SAtodyH8eg8x8irJnYUk7i9inVQqYigD6qZ9evobksGNIXfeFvDwLSHcp31N",
}
"""File in ``static/vendor`` and its integrity attribute; a test compares them with the files."""

MODULES = {
    "hpke.js": "sha384-L7pk18N34BnxsoQfNolTinAvWTgLE/AnlE2kN5rXAbnUUbWMJwbXmSaNjUXM4SyX",
    "noble-hashes/_md.js": "sha384-+inj+kU2SrziXaCzySRcSf7kOiLEfScN7pI3vq97++FGKDRSw3MJ0t0l37dQWmKc",
    "noble-hashes/_u64.js": "sha384-SPLtaj6mblQ3NtLCy4eidRByUQWvhD8+J1MpyW8ejRRfwyGrzdElsKxcrcBmGjZY",
    "noble-hashes/hmac.js": "sha384-T+vGWnGryWubEFH8lQdk8LN00eOX+mpsmHwdXuC6L6KIIn46POY/2hauzVrdjZNH",
    "noble-hashes/pbkdf2.js": "sha384-WO4WbsYHGdJIcIXS/DJ+onOMytASrP5MvrN1GxVSH1X6agi0co4mv/3M0ddU3KSR",
    "noble-hashes/scrypt.js": "sha384-y2qbEsCTUrjstzyb1y3rEXZkN6BxxkCzDZp+EiyG8hSQQRdU/J0Ogg6vQWR/M8X9",
    "noble-hashes/sha2.js": "sha384-YXgpTrphhgj/WMtfF9PcPZQOE57vqATkv4wTjdFflOBTMR5ro2T6S/MkCc9vVH5q",
    "noble-hashes/utils.js": "sha384-YFMR8BWPimRHARZs0bAtgjKOWPQL0ND/lZk6QwHVzhzx71FWSqzQb1ToPgVtqapB",
}
"""The vendored modules: pages that seal or open preload them with this integrity."""
