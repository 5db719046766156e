"""Telegram as far as a bot sees it: the Bot API, and updates posted with the secret header."""
