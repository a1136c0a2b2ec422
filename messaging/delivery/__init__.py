"""Delivery: PostgreSQL decides which worker sends what, Celery only wakes workers.

A worker takes a place at the channel (`slots`), claims some of what is due (`claim`) as fast as the provider may be
called (`pace`), and of each message: makes the content (`outgoing`), asks for the last time whether it may be sent
(`gate`), calls the provider, and writes down what came of it (`finish`). Whoever is killed in between leaves messages
whose lease runs out (`leases`).
"""
