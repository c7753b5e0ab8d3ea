"""A field day, end to end: a server, a founder, a supervisor and two advocates, all in processes of their own."""
