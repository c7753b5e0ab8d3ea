"""Benchmarks: the workloads, what they are measured beside, and the tables they write."""
