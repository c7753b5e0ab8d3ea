"""The `advocate` console: arguments, the commands behind them, and how answers are printed."""
