"""Our offers as Open Referral HSDS 3.1 (Human Services Data Specification): https://docs.openreferral.org/en/3.1/.

Read-only, at /hsds, in the names of the standard (snake_case, its own pages and query keys), by its API Reference.
"""
