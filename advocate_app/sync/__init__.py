"""How a vault and the server come to hold the same: following, opening, sealing, pushing."""
