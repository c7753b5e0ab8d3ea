"""The steps that bring a server's database forward; there is none that goes back."""
