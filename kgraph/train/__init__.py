"""How the shipped models, lexicon and samples are made; not needed at run time."""
