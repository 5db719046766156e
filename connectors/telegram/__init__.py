"""Telegram through the Bot API: webhook updates in, bot methods out."""
