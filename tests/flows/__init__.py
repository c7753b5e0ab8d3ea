"""Whole flows: several real vaults, a real server process, over real sockets."""
