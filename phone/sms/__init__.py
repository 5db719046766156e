"""Twilio as far as a hotline sees it: its REST API, its signed webhooks, and the carrier's opt-out behind it."""
