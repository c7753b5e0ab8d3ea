"""Typed messages and byte formats, shared by the program on the laptop and the server."""
