"""What a user can do: one function, one verb, one transaction's work."""
