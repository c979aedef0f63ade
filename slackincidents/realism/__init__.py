"""How a set of incidents reads, in numbers, beside the same numbers of real chat."""
