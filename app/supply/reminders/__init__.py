"""Reminding providers of figures that grow old: by mail and webhook, once for each step."""
