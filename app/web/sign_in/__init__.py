"""Signing in to the web app. `service.start_session` begins a session for a caller, however that was found."""
