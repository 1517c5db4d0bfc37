"""The command line: a thin way to reach the services."""
