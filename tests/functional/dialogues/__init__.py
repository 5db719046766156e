"""Dialogues as a demanding outsider would write them, and what a good service has to say in each turn."""
