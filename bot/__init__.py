"""Dialogue: the Rasa assistant, its actions and the client that asks it."""
