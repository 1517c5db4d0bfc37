"""Rules as pure functions: no file, no database, no clock."""
