"""Programs that run elsewhere and use the service by its API alone."""
