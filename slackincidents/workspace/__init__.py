"""Months of history from one seed: incidents, the noise between them, and everything that people remember."""
