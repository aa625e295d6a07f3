"""Telling others: the outbox of events, mail and webhooks."""
