"""What the law says: no I/O, no clock, no framework."""
