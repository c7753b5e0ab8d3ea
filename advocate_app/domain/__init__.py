"""What the task force works with: record types, fields, code lists, rules, merge and powers, as frozen data and pure functions."""
