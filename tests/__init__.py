"""The tests, grouped by room."""
