"""Advocate on the laptop: an encrypted case store that works without network and syncs sealed changes."""
