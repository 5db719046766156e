"""Secrecy: the only import of the cryptography library."""
