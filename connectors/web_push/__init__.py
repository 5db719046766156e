"""Web Push (RFC 8030): a push without a payload, so that nobody on the way learns more than that one came."""
