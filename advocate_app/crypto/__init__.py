"""Primitives, composed once: seal, sign, box, derive, keyfile, words, recovery, self-test."""
