"""The practice phone and the provider emulators; a process of its own that nothing else imports."""
