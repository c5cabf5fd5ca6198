"""HTTP in, HTTP out: what clients send becomes values for a service, what a service returns becomes bytes."""
