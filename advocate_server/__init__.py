"""The central server: it stores, orders and acknowledges sealed bytes, and can open none of them."""
