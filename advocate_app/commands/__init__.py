"""One plain function for each thing a member can do: look, decide, append."""
