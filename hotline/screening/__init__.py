"""Screening: the check of one inbound text, before and apart from the dialogue engine (R1)."""

from hotline.screening.result import Earlier, Level, ScreeningResult

__all__ = ["Earlier", "Level", "ScreeningResult"]
