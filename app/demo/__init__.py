"""The demo data set, the embedded PostgreSQL, and the shown main job behind `./scripts/run`."""
