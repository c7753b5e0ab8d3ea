"""One round of exchange with the server: follow the roster, pull and open, seal and push."""
