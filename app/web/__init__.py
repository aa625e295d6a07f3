"""The web app: pages in Dutch for referrers, providers and regions, on the same services as the API (docs/web.md)."""
