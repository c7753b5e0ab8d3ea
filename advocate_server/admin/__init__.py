"""What an administrator runs at the server's console, one file per command."""
