"""Small pieces that screens are composed of."""
