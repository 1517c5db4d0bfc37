"""Files in and out: what is read from them, what is written into them."""
