"""Servers that lie and insiders who cheat, each ending in the named state with nothing else changed."""
