"""Questions about incidents with gold answers, and what other benchmarks want to know of them."""
