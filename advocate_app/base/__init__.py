"""What every room may stand on: time, ids, places on disk, errors, logging."""
