"""Whether there is enough help for the children that wait for it, and of what there is not."""
