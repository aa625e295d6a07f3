"""What is given to whoever runs it: manifests, rules, a dashboard."""
