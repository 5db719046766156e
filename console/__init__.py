"""The console of advocates and administrators."""
