"""The demo data set: made-up providers, their figures, and children whose dossiers run on real days."""
