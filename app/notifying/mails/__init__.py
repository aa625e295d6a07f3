"""Mail that is to go out: features queue it in their own transaction, a job sends it."""
