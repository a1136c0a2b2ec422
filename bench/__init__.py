"""Measurements and hard trials, on a PostgreSQL and Valkey of their own: `make bench`, `make chaos`."""
