"""The children of an institution or local team: by next deadline, and each one's dossier with what is done in it."""
