"""How each kind of file from outside becomes sheets; `exchange.readers` is the door."""
