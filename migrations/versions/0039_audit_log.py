"""The audit log of dossiers with its seals, stored answers that only their key opens, and erasure of a dossier.

Stored answers from before are sealed here too, so that a repeat gets the same answer as before. The histories of
dossiers may be deleted in a transaction that says so (`wijzer.erasing`), which erasure does and nothing else.

Revision ID: 0039
Revises: 0038
"""

import hashlib
import json
import secrets
from typing import Final

import sqlalchemy as sa
from alembic import op
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.dialects import postgresql

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None
expands = True

_GUARD: Final = """
    CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {}
        RAISE EXCEPTION '% is a history: rows are added, never changed or deleted', TG_TABLE_NAME;
    END $$
"""
_ERASING: Final = """
        IF current_setting('wijzer.erasing', true) = 'on' AND TG_OP IN ('UPDATE', 'DELETE') THEN
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        END IF;
"""
_AUDIT: Final = """
    CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_TABLE_NAME = 'audit_entries' AND TG_OP = 'UPDATE' THEN
            IF OLD.seal IS NULL AND NEW.seal IS NOT NULL AND to_jsonb(OLD) - 'seal' = to_jsonb(NEW) - 'seal' THEN
                RETURN NEW;
            END IF;
        ELSIF TG_TABLE_NAME = 'audit_entries' AND TG_OP = 'DELETE' THEN
            IF OLD.at < now() - interval '5 years' THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION '% is the audit log: it is added to, never changed or deleted', TG_TABLE_NAME;
    END $$
"""


def upgrade() -> None:
    _add_audit_log()
    _seal_stored_answers()
    op.execute(_GUARD.format(_ERASING))


def _add_audit_log() -> None:
    texts = [sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS]
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("keeper_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        *texts,
        sa.Column("seal", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("action IN ('C', 'R', 'U', 'D')", name=op.f("ck_audit_entries_action")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_dossier_id_id"), "audit_entries", ["dossier_id", "id"])
    op.create_index(op.f("ix_audit_entries_seal"), "audit_entries", ["seal"])
    op.create_index("ix_audit_entries_unsealed", "audit_entries", ["id"], postgresql_where=sa.text("seal IS NULL"))
    op.create_table(
        "audit_seals",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seals")),
    )
    op.execute(_AUDIT)
    for table in ("audit_entries", "audit_seals"):
        for when, each, name in (
            ("UPDATE OR DELETE", "ROW", "append_only"),
            ("TRUNCATE", "STATEMENT", "never_emptied"),
        ):
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION refuse_audit_change()"
            )


_TEXTS: Final = ("role", "client_id", "action", "operation", "ground", "trace_id", "span_id")


def _seal_stored_answers() -> None:
    """As app/kit/security/answers.py seals them."""
    op.add_column("stored_answers", sa.Column("dossiers", postgresql.ARRAY(sa.Uuid()), nullable=True))
    connection = op.get_bind()
    kept = connection.execute(sa.text("SELECT client_id, key, fingerprint, headers, body FROM stored_answers"))
    change = sa.text(
        "UPDATE stored_answers SET key = :kept_key, fingerprint = :fingerprint, headers = NULL, body = :body "
        "WHERE client_id = :client_id AND key = :key"
    )
    for client_id, key, sent, headers, body in kept.all():
        parts = client_id.encode(), key.encode(), bytes(sent)
        nonce, plain = secrets.token_bytes(12), json.dumps(headers or {}).encode() + b"\n" + bytes(body or b"")
        values = {
            "client_id": client_id,
            "key": key,
            "kept_key": _hash(b"answer key", *parts[:2]).hex(),
            "fingerprint": _hash(b"answer print", *parts),
            "body": nonce + AESGCM(_hash(b"answer seal", *parts)).encrypt(nonce, plain, None),
        }
        connection.execute(change, values)
    op.create_index(
        op.f("ix_stored_answers_dossiers"),
        "stored_answers",
        ["dossiers"],
        postgresql_using="gin",
        postgresql_where=sa.text("dossiers IS NOT NULL"),
    )


def _hash(purpose: bytes, *parts: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=32, person=purpose)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def downgrade() -> None:
    op.execute(_GUARD.format(""))
    op.execute("DELETE FROM stored_answers")  # nobody but who repeats a request can open them
    op.drop_index(op.f("ix_stored_answers_dossiers"), table_name="stored_answers")
    op.drop_column("stored_answers", "dossiers")
    op.drop_table("audit_entries")
    op.drop_table("audit_seals")
    op.execute("DROP FUNCTION refuse_audit_change()")
