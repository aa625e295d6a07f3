"""The words of many offers are refreshed in the order of their ids, in which all that hold many offers hold them.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SUBJECTS = {"refresh_search_of_provider": "provider_id", "refresh_search_of_location": "location_id"}


def _replace(hold: str) -> None:
    for function, column in SUBJECTS.items():
        op.execute(f"""
            CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                {hold.format(column=column)}
                UPDATE offers SET name = name WHERE {column} = NEW.id;
                RETURN NULL;
            END $$
        """)  # noqa: S608 - the names are those above


def upgrade() -> None:
    _replace("PERFORM FROM offers WHERE {column} = NEW.id ORDER BY id FOR NO KEY UPDATE;")


def downgrade() -> None:
    _replace("")
