"""A push service (RFC 8030) that checks signatures (RFC 8292) with code of its own."""
