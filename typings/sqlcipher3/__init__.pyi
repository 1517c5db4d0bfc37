# The package brings no types; only its binding is used.
