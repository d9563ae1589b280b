"""Validation of every kind of document by veraPDF; `make verapdf` runs it, no test does."""
