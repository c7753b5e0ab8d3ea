"""The sync room: keys, sealing, the link to the server, schedule and worker."""
