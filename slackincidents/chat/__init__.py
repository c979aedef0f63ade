"""Talking to a language model: one narrow seam, and what stands behind it."""
