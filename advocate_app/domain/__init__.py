"""What the task force works with, as frozen data and pure functions: record types, code lists, rules, merge, powers."""
