"""What was known of each dossier when: every version of it, and for each day the facts that figures are made of."""
