"""Work off the main thread: lanes, stopping, progress; standard library only."""
