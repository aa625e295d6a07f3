"""Pictures of the web app for the docs."""
