"""One function per question a client can ask; each gives a message back or raises a `Problem`."""
