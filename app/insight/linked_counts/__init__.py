"""Counts that several resources tell: small ones are decided on once for all of these."""
