"""What operators see: figures, readiness, alarms and the board, and that nobody stands in them."""
