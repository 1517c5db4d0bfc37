"""What users do: one function per intention."""
