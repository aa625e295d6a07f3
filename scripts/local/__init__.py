"""What `./scripts/run` starts: the embedded PostgreSQL, the service on it, and the shown main job."""
