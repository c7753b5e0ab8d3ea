"""The central server: it stores sealed bytes, says where they stand, and can read none of them."""
