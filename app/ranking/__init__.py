"""The pure core of the matching: a request, the offers and today's date go in, an outcome comes out.

The ranking is lexicographic: factors compared one after another, with no hidden weights, so that every
place in the list can be explained. It advises; the jeugdbeschermer decides (Jeugdwet art. 3.5).
"""
