"""State: one module per noun over the Redis-protocol store."""
