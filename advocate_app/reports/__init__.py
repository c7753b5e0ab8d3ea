"""Funder rule sets over queries, and what renders them."""
