"""How far offers are from where a question is asked, as columns."""

import numpy as np

from app.domain.arrays import Array
from app.domain.geo import EARTH_RADIUS_KM


def distance_km(unit_vectors: Array, at_home: Array, origin: tuple[float, float, float] | None) -> Array:
    """Each great-circle distance in km: 0 where the help comes to the child, not a number where it is unknown.

    `unit_vectors` has a row of three coordinates for each, `origin` those of the child's home
    (`facts_of_offers.unit_vector`). As `ranking.rules.distance_km` of one offer.
    """
    if origin is None:
        return np.where(at_home, 0.0, np.nan)
    apart = unit_vectors - np.array(origin)
    half_chord = np.sqrt(np.add.reduce(apart * apart, axis=1)) / 2
    return np.where(at_home, 0.0, 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(half_chord, 1.0)))
