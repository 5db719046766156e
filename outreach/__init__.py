"""Print and counts for outreach."""
