"""Checks the rules of the house that no other tool knows: sentences, names, sizes, places."""
