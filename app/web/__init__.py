"""The web app: pages on the same services as the API."""
