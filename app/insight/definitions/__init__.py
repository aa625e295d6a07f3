"""All figures of insight, and what each says."""
