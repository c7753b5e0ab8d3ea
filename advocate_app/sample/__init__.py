"""Invented case work, the same for the same seed: for demonstrations, benchmarks and training. Nobody in it exists."""
