"""Words are found however they are written, and the role of who searches and matches and stores nothing.

`search_text` is what is searched, of texts and of questions alike: without accents, composed or not, a hyphen between
words as a space, quotes and dashes of word processors as those of a keyboard (where the database's character type is
C, PostgreSQL takes them for letters), and plurals as Dutch makes them (huizen, brieven, opnames) in a form whose stem
is that of the singular. It takes no extension: `unaccent` is not everywhere.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SEARCH_TEXT = r"""
    CREATE FUNCTION search_text(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
            replace(replace(replace(translate(
                lower(regexp_replace(normalize(given, NFKD), '[\u0300-\u036f]', '', 'g')),
                'øØłŁđĐ' || U&'\2018\2019\201a\201b\2032\201c\201d\201e\201f\00ab\00bb'
                    || U&'\2010\2012\2013\2014\2015\2022\00b7',
                'oolldd' || repeat('''', 5) || repeat('"', 6) || repeat(' ', 7)), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
            '([[:alnum:]])[-/](?=[[:alnum:]])', '\1 ', 'g'),
            '[-/](?![[:alnum:]])', ' ', 'g'),
            '([[:alnum:]])''s\M', '\1', 'g'),
            'zen\M', 'sen', 'g'),
            'ven\M', 'fen', 'g'),
            'ieen\M', 'ie', 'g'),
            '([[:alnum:]]{3}e)s\M', '\1', 'g')
    $$
"""
KEEP_SEARCH = """
    CREATE OR REPLACE FUNCTION keep_search() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.search := to_tsvector('dutch', {words});
        RETURN NEW;
    END $$
"""
WORDS = """concat_ws(' ',
            NEW.name,
            NEW.description,
            (SELECT name FROM providers WHERE id = NEW.provider_id),
            (SELECT name_nl FROM care_types WHERE code = NEW.care_type),
            (SELECT {places} WHERE l.id = NEW.location_id))"""
OLD_WORDS = WORDS.format(places="city FROM locations l")
NEW_WORDS = (
    "search_text("
    + WORDS.format(
        places="concat_ws(' ', city, m.name) FROM locations l JOIN municipalities m ON m.code = l.municipality_code"
    )
    + ")"
)
REFRESH = """
    CREATE TRIGGER refresh_search AFTER UPDATE OF {columns} ON locations FOR EACH ROW
    WHEN ({changed}) EXECUTE FUNCTION refresh_search_of_location()
"""
ROLES = "'provider', 'gi', 'local-team', 'region', 'supraregion', 'inspectorate', 'admin'"


def _set_words(words: str) -> None:
    """Of all offers, without a word to the followers of changes: nothing that they show is another."""
    op.execute(KEEP_SEARCH.format(words=words))
    op.execute("ALTER TABLE offers DISABLE TRIGGER note_update")
    op.execute("UPDATE offers SET name = name")
    op.execute("ALTER TABLE offers ENABLE TRIGGER note_update")


def _set_refresh(*columns: str) -> None:
    op.execute("DROP TRIGGER refresh_search ON locations")
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    op.execute(REFRESH.format(columns=", ".join(columns), changed=changed))


def _set_provider_search(expression: str) -> None:
    op.drop_index(op.f("ix_providers_search"), "providers")
    op.drop_column("providers", "search")
    op.execute(f"ALTER TABLE providers ADD search tsvector NOT NULL GENERATED ALWAYS AS ({expression}) STORED")
    op.create_index(op.f("ix_providers_search"), "providers", ["search"], postgresql_using="gin")


def _set_roles(roles: str) -> None:
    op.drop_constraint(op.f("ck_organisations_role"), "organisations", type_="check")
    op.create_check_constraint(op.f("ck_organisations_role"), "organisations", f"role IN ({roles})")


def upgrade() -> None:
    op.execute(SEARCH_TEXT)
    _set_provider_search("to_tsvector('dutch'::regconfig, search_text(name))")
    op.add_column(
        "locations",
        sa.Column(
            "search",
            sa.dialects.postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('dutch'::regconfig, search_text("
                "name || ' ' || coalesce(street, '') || ' ' || coalesce(city, '')))",
                persisted=True,
            ),
            nullable=False,
        ),
    )
    op.create_index(op.f("ix_locations_search"), "locations", ["search"], postgresql_using="gin")
    _set_words(NEW_WORDS)
    _set_refresh("city", "municipality_code")
    _set_roles(f"{ROLES}, 'referrer'")


def downgrade() -> None:
    op.execute("DELETE FROM clients USING organisations o WHERE o.id = organisation_id AND o.role = 'referrer'")
    op.execute("DELETE FROM organisations WHERE role = 'referrer'")
    _set_roles(ROLES)
    _set_refresh("city")
    _set_words(OLD_WORDS)
    op.drop_column("locations", "search")
    _set_provider_search("to_tsvector('dutch'::regconfig, name)")
    op.execute("DROP FUNCTION search_text(text)")
