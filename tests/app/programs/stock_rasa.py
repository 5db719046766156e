"""Rasa's own command line in the engine's environment, with its own channels and nothing of our bot in it."""

from bot.engine import absent, confinement, redaction, surroundings

confinement.confine_settings()
absent.install()
surroundings.fill_workbench()
redaction.fill_sentry_place(redaction.PassingProcessor)
confinement.confine_home()
confinement.confine_to_loopback()

from rasa.__main__ import main  # noqa: E402 - after what has to stand before it

main()
