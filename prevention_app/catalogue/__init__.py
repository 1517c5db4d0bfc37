"""What is recorded: one declaration per register, readable by every other room."""
