"""The first tables: reference data, organisations, providers, offers, capacity, contracts, stops.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


FUNCTIONS = (
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'capacity_reports is a history: rows are added, never changed or deleted';
    END $$
    """,
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON capacity_reports
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER never_emptied BEFORE TRUNCATE ON capacity_reports
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE FUNCTION keep_search() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.search := to_tsvector('dutch', concat_ws(' ',
            NEW.name,
            NEW.description,
            (SELECT name FROM providers WHERE id = NEW.provider_id),
            (SELECT name_nl FROM care_types WHERE code = NEW.care_type),
            (SELECT city FROM locations WHERE id = NEW.location_id)));
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER keep_search
    BEFORE INSERT OR UPDATE OF name, description, provider_id, care_type, location_id ON offers
    FOR EACH ROW EXECUTE FUNCTION keep_search()
    """,
    """
    CREATE FUNCTION refresh_search_of_provider() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE offers SET name = name WHERE provider_id = NEW.id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER refresh_search AFTER UPDATE OF name ON providers
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION refresh_search_of_provider()
    """,
    """
    CREATE FUNCTION refresh_search_of_location() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE offers SET name = name WHERE location_id = NEW.id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER refresh_search AFTER UPDATE OF city ON locations
    FOR EACH ROW WHEN (OLD.city IS DISTINCT FROM NEW.city) EXECUTE FUNCTION refresh_search_of_location()
    """,
)


def upgrade() -> None:
    op.create_table(
        "care_types",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_nl", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("cbs_form_code", sa.Text(), nullable=False),
        sa.Column("residential", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_care_types")),
    )
    op.create_table(
        "providers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("agb_code", sa.Text(), nullable=True),
        sa.Column("kvk_number", sa.Text(), nullable=True),
        sa.Column("intake_desk", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('dutch'::regconfig, name)", persisted=True),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_providers")),
        sa.UniqueConstraint("agb_code", name=op.f("uq_providers_agb_code")),
    )
    op.create_index(op.f("ix_providers_name_id"), "providers", ["name", "id"], unique=False)
    op.create_index(op.f("ix_providers_search"), "providers", ["search"], unique=False, postgresql_using="gin")
    op.create_table(
        "regions",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("supraregion_code", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_regions")),
    )
    op.create_table(
        "stored_answers",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "key", name=op.f("pk_stored_answers")),
    )
    op.create_index(
        op.f("ix_stored_answers_client_id_created_at"),
        "stored_answers",
        ["client_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "contracts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("regions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("municipalities", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("care_types", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("product_codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("ceiling_reached", sa.Boolean(), nullable=False),
        sa.Column("ceiling_exempts_measure", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('regional', 'supraregional', 'national', 'light')", name=op.f("ck_contracts_kind")
        ),
        sa.CheckConstraint("cardinality(regions) + cardinality(municipalities) > 0", name=op.f("ck_contracts_area")),
        sa.CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_contracts_period")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_contracts_provider_id_providers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
    )
    op.create_index(
        op.f("ix_contracts_municipalities"),
        "contracts",
        ["municipalities"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(op.f("ix_contracts_provider_id"), "contracts", ["provider_id"], unique=False)
    op.create_index(op.f("ix_contracts_regions"), "contracts", ["regions"], unique=False, postgresql_using="gin")
    op.create_table(
        "municipalities",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_municipalities_region_code_regions")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_municipalities")),
    )
    op.create_index(op.f("ix_municipalities_region_code"), "municipalities", ["region_code"], unique=False)
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("region_code", sa.Text(), nullable=True),
        sa.Column("supraregion_code", sa.Text(), nullable=True),
        sa.Column("institution", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(role = 'provider') = (provider_id IS NOT NULL)", name=op.f("ck_organisations_provider")),
        sa.CheckConstraint("(role = 'region') = (region_code IS NOT NULL)", name=op.f("ck_organisations_region")),
        sa.CheckConstraint(
            "(role = 'supraregion') = (supraregion_code IS NOT NULL)",
            name=op.f("ck_organisations_supraregion"),
        ),
        sa.CheckConstraint(
            "institution IS NULL OR role IN ('gi', 'local-team')", name=op.f("ck_organisations_institution")
        ),
        sa.CheckConstraint(
            "role IN ('provider', 'gi', 'local-team', 'region', 'supraregion', 'inspectorate', 'admin')",
            name=op.f("ck_organisations_role"),
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_organisations_provider_id_providers")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_organisations_region_code_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_table(
        "clients",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("demo", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_clients_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients")),
    )
    op.create_index(op.f("ix_clients_organisation_id"), "clients", ["organisation_id"], unique=False)
    op.create_table(
        "locations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("house_number", sa.Text(), nullable=True),
        sa.Column("postcode", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipalities.code"],
            name=op.f("fk_locations_municipality_code_municipalities"),
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_locations_provider_id_providers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
        sa.UniqueConstraint("provider_id", "key", name=op.f("uq_locations_provider_id_key")),
    )
    op.create_index(op.f("ix_locations_municipality_code"), "locations", ["municipality_code"], unique=False)
    op.create_table(
        "postcodes",
        sa.Column("pc4", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipalities.code"],
            name=op.f("fk_postcodes_municipality_code_municipalities"),
        ),
        sa.PrimaryKeyConstraint("pc4", name=op.f("pk_postcodes")),
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("care_type", sa.Text(), nullable=False),
        sa.Column("age_min", sa.SmallInteger(), nullable=False),
        sa.Column("age_max", sa.SmallInteger(), nullable=False),
        sa.Column("genders", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("specialisations", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("exclusion_criteria", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("at_home", sa.Boolean(), nullable=False),
        sa.Column("service_area", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("needs_court_authorisation", sa.Boolean(), nullable=False),
        sa.Column("product_codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search", postgresql.TSVECTOR(), server_default=sa.FetchedValue(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("unit IN ('places', 'trajectories', 'hours-per-week')", name=op.f("ck_offers_unit")),
        sa.CheckConstraint("age_min <= age_max", name=op.f("ck_offers_ages")),
        sa.ForeignKeyConstraint(["care_type"], ["care_types.code"], name=op.f("fk_offers_care_type_care_types")),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name=op.f("fk_offers_location_id_locations")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_offers_provider_id_providers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("provider_id", "key", name=op.f("uq_offers_provider_id_key")),
    )
    op.create_index(op.f("ix_offers_care_type_location_id"), "offers", ["care_type", "location_id"], unique=False)
    op.create_index(op.f("ix_offers_location_id"), "offers", ["location_id"], unique=False)
    op.create_index(op.f("ix_offers_name_id"), "offers", ["name", "id"], unique=False)
    op.create_index(op.f("ix_offers_search"), "offers", ["search"], unique=False, postgresql_using="gin")
    op.create_table(
        "capacity_reports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("places_total", sa.Integer(), nullable=True),
        sa.Column("places_occupied", sa.Integer(), nullable=True),
        sa.Column("places_reserved", sa.Integer(), nullable=True),
        sa.Column("places_free", sa.Integer(), nullable=False),
        sa.Column("waiting_count", sa.Integer(), nullable=False),
        sa.Column("next_free_on", sa.Date(), nullable=True),
        sa.Column("wait_days_intake", sa.Integer(), nullable=True),
        sa.Column("wait_days_treatment", sa.Integer(), nullable=True),
        sa.Column("accepts_referrals", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("confirmation", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_capacity_reports_offer_id_offers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_reports")),
    )
    op.create_index(
        op.f("ix_capacity_reports_offer_id_observed_at_id"),
        "capacity_reports",
        ["offer_id", "observed_at", "id"],
        unique=False,
    )
    op.create_table(
        "current_capacities",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("places_total", sa.Integer(), nullable=True),
        sa.Column("places_occupied", sa.Integer(), nullable=True),
        sa.Column("places_reserved", sa.Integer(), nullable=True),
        sa.Column("places_free", sa.Integer(), nullable=False),
        sa.Column("waiting_count", sa.Integer(), nullable=False),
        sa.Column("next_free_on", sa.Date(), nullable=True),
        sa.Column("wait_days_intake", sa.Integer(), nullable=True),
        sa.Column("wait_days_treatment", sa.Integer(), nullable=True),
        sa.Column("accepts_referrals", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("confirmation", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint(
            "coalesce(places_occupied, 0) + coalesce(places_reserved, 0) + places_free <= places_total",
            name=op.f("ck_current_capacities_places"),
        ),
        sa.CheckConstraint("places_free >= 0 AND waiting_count >= 0", name=op.f("ck_current_capacities_counts")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_current_capacities_offer_id_offers")),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_current_capacities")),
    )
    op.create_table(
        "placement_stops",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("imposed_by", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(imposed_by = 'region') = (region_code IS NOT NULL)", name=op.f("ck_placement_stops_region")
        ),
        sa.CheckConstraint(
            "imposed_by IN ('provider', 'region', 'inspectorate')", name=op.f("ck_placement_stops_imposed_by")
        ),
        sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_placement_stops_period")),
        sa.CheckConstraint("location_id IS NULL OR offer_id IS NULL", name=op.f("ck_placement_stops_target")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_placement_stops_location_id_locations")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_placement_stops_offer_id_offers")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["providers.id"], name=op.f("fk_placement_stops_provider_id_providers")
        ),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_placement_stops_region_code_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_stops")),
    )
    op.create_index(op.f("ix_placement_stops_provider_id"), "placement_stops", ["provider_id"], unique=False)
    for statement in FUNCTIONS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index(op.f("ix_placement_stops_provider_id"), table_name="placement_stops")
    op.drop_table("placement_stops")
    op.drop_table("current_capacities")
    op.drop_index(op.f("ix_capacity_reports_offer_id_observed_at_id"), table_name="capacity_reports")
    op.drop_table("capacity_reports")
    op.drop_index(op.f("ix_offers_search"), table_name="offers", postgresql_using="gin")
    op.drop_index(op.f("ix_offers_name_id"), table_name="offers")
    op.drop_index(op.f("ix_offers_location_id"), table_name="offers")
    op.drop_index(op.f("ix_offers_care_type_location_id"), table_name="offers")
    op.drop_table("offers")
    op.drop_table("postcodes")
    op.drop_index(op.f("ix_locations_municipality_code"), table_name="locations")
    op.drop_table("locations")
    op.drop_index(op.f("ix_clients_organisation_id"), table_name="clients")
    op.drop_table("clients")
    op.drop_table("organisations")
    op.drop_index(op.f("ix_municipalities_region_code"), table_name="municipalities")
    op.drop_table("municipalities")
    op.drop_index(op.f("ix_contracts_regions"), table_name="contracts", postgresql_using="gin")
    op.drop_index(op.f("ix_contracts_provider_id"), table_name="contracts")
    op.drop_index(op.f("ix_contracts_municipalities"), table_name="contracts", postgresql_using="gin")
    op.drop_table("contracts")
    op.drop_index(op.f("ix_stored_answers_client_id_created_at"), table_name="stored_answers")
    op.drop_table("stored_answers")
    op.drop_table("regions")
    op.drop_index(op.f("ix_providers_search"), table_name="providers", postgresql_using="gin")
    op.drop_index(op.f("ix_providers_name_id"), table_name="providers")
    op.drop_table("providers")
    op.drop_table("care_types")
    for name in ("keep_search", "refresh_search_of_provider", "refresh_search_of_location", "refuse_change"):
        op.execute(f"DROP FUNCTION {name}()")
