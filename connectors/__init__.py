"""Channels: one provider's protocol each, in both directions."""
