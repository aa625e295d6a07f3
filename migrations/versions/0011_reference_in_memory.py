"""The postcodes, which no statement asks, and the one supraregion of a region, which can have several, go out.

Both are in memory, from the lists that ship with the product. Down brings back what `wijzer migrate` of then fills.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("postcodes")
    op.drop_column("regions", "supraregion_code")


def downgrade() -> None:
    op.add_column("regions", sa.Column("supraregion_code", sa.Text(), nullable=True))
    op.create_table(
        "postcodes",
        sa.Column("pc4", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipalities.code"], name=op.f("fk_postcodes_municipality_code_municipalities")
        ),
        sa.PrimaryKeyConstraint("pc4", name=op.f("pk_postcodes")),
    )
