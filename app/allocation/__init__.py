"""The pure core of a proposal: children with their ranked offers and the places that there are go in, who goes where
comes out.

Two methods, each exact: `stable`, in which nobody can point to a place that went to a child behind it, and
`least-lateness`, in which all children together are the fewest days late. It advises; nothing is referred by itself.
"""
