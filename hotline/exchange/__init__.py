"""Places in and out by Open Referral's HSDS 3.0 and by CSV: pure forms, no files (D1, G4)."""
