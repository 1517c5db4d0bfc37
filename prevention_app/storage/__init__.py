"""The one door for reading and writing; the only room that knows SQL."""
