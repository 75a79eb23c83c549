"""Stage 2: one file a spaCy component; `Paper` -> `PaperFacts`."""
