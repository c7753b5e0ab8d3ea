"""What can be asked of a vault: one statement, one function, frozen rows."""
