"""The supply again, in others' words: FHIR, HSDS and SMART Scheduling Links."""
