"""Screening: the check of one inbound text, before and apart from the dialogue engine (R1)."""

from hotline.screening.explaining import describe, explain
from hotline.screening.result import Earlier, Level, ScreeningResult
from hotline.screening.rules import Rules, build_rules
from hotline.screening.screen import screen

__all__ = ["Earlier", "Level", "Rules", "ScreeningResult", "build_rules", "describe", "explain", "screen"]
