"""Everything breaks while texts go on, and at the end nobody was forgotten: ``make chaos`` (X4, X5, H1, H3, P1)."""
