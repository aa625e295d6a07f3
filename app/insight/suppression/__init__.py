"""Keeps small counts of children from being published, also where they could be derived from other figures.

For every role but the region's own and the institution's own, a count of 1 to 4 children is suppressed. A count of 0
names nobody and is published; like any count it may be suppressed to hide another.

All figures on one subject that anybody but their owners can ever ask for are one `Lattice`: counts, and the sums
between them. `lattice_of` makes it of rows, `suppressed_in` decides once for all of it, and every answer, whatever its
filters, shows a part of what that decision lets out. A filter that is no breakdown of the lattice is not
answered: its figure would be one that the decision did not know of.

Why a suppressed count is safe: there is another possible truth, made by shifting children between counts that are all
suppressed, in which it is 5 or more and everything that is published is the same.
"""
