"""Where finished incidents go."""
