"""Custom actions: one class a file, shaped as rasa_sdk wants them. They return events and reply keys; nothing else."""
