"""The service measured against a hand-written floor, both in one run: see docs/performance.md."""
