"""The engine room: everything that runs beside Rasa in Rasa's own environment. The project never imports it."""
