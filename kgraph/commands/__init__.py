"""The verbs of the command line, grouped by what a user is up to: make, ask, hand on, check. Each parses words, calls one function, prints."""
