"""What a hotline is: pure decisions, without network, database, clock, environment or cryptography."""
