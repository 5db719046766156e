"""Screening: the check of one inbound text, before and apart from the dialogue engine (R1)."""

from hotline.screening.result import Earlier, Level, ScreeningResult
from hotline.screening.rules import Rules, build_rules
from hotline.screening.screen import explain, screen

__all__ = ["Earlier", "Level", "Rules", "ScreeningResult", "build_rules", "explain", "screen"]
