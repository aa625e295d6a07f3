"""Whether children get a protection worker, a course and fitting help in time."""
