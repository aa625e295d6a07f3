"""Places of months: those of all days of a month added up, which averages are made of.

What is there of days is added up here; from then on the job that writes the days does it, and it keeps how many offers
there are and of how many of them the figures are fresh or ageing.

Revision ID: 0043
Revises: 0042
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None
expands = True

_TABLE: Final = "insight_supply_sums"
_COUNTS: Final = ("offers", "offers_known")
_FILL: Final = """
    WITH written AS (
        SELECT date_trunc('month', day)::date AS month,
               (date_trunc('month', day) + interval '1 month')::date - 1 AS last, region_code,
               care_type, known_from, known_to, places_total, places_occupied, places_free
        FROM insight_supply_days
    ), since AS (
        SELECT DISTINCT month, last, region_code, care_type, CASE WHEN at <= last THEN month ELSE at END AS known_from
        FROM written CROSS JOIN LATERAL (VALUES (known_from), (known_to)) changed (at)
        WHERE at < '9999-12-31'
    ), stretch AS (
        SELECT *, coalesce(lead(known_from) OVER (PARTITION BY month, region_code, care_type ORDER BY known_from),
                           '9999-12-31') AS known_to
        FROM since
    )
    INSERT INTO insight_supply_sums (month, region_code, care_type, known_from, known_to,
                                     places_total, places_occupied, places_free)
    SELECT s.month, s.region_code, s.care_type, s.known_from, s.known_to,
           sum(w.places_total), sum(w.places_occupied), sum(w.places_free)
    FROM stretch s
    JOIN written w ON (w.month, w.region_code, w.care_type) = (s.month, s.region_code, s.care_type)
        AND w.known_from <= greatest(s.known_from, s.last) AND w.known_to > greatest(s.known_from, s.last)
    GROUP BY s.month, s.region_code, s.care_type, s.known_from, s.known_to
"""


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("care_type", sa.Text(), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("known_to", sa.Date(), nullable=False),
        sa.Column("places_total", sa.Double(), nullable=False),
        sa.Column("places_occupied", sa.Double(), nullable=False),
        sa.Column("places_free", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("month", "region_code", "care_type", "known_from", name=op.f(f"pk_{_TABLE}")),
    )
    op.execute(
        f"CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {_TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION note_insight_change('supply')"
    )
    op.execute(_FILL)
    for name in _COUNTS:
        op.add_column("insight_sources", sa.Column(name, sa.Integer()))


def downgrade() -> None:
    for name in _COUNTS:
        op.drop_column("insight_sources", name)
    op.drop_table(_TABLE)
