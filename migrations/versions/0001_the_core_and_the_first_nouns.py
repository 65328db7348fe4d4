"""the core and the first nouns

A migration must work on SQLite and on PostgreSQL, and while the program of one version earlier still runs: add first,
remove a release later. Guards (triggers) are put back by ``app.schema.migrate``, never here.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("login", types.TEXT, nullable=False),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("role", types.TEXT, nullable=False),
        sa.Column("zones", types.TEXT, nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("password_hash", types.TEXT, nullable=True),
        sa.Column("locale", types.TEXT, nullable=True),
        sa.Column("link_at", types.MomentType(), nullable=True),
        sa.Column("from_on", types.DayType(), nullable=True),
        sa.Column("until_on", types.DayType(), nullable=True),
        sa.CheckConstraint(
            "role IN ('reporter', 'service', 'editor', 'reviewer', 'city_office', 'department', 'leader', 'administrator', 'security_officer', 'auditor', 'key_read', 'key_write', 'key_admin', 'system')",
            name=op.f("ck_account_role"),
        ),
        sa.CheckConstraint("length(locale) <= 10", name=op.f("ck_account_locale")),
        sa.CheckConstraint("length(login) <= 60", name=op.f("ck_account_login")),
        sa.CheckConstraint("length(name) <= 60", name=op.f("ck_account_name")),
        sa.CheckConstraint("length(password_hash) <= 300", name=op.f("ck_account_password_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "account_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("login", types.TEXT, nullable=False),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("role", types.TEXT, nullable=False),
        sa.Column("zones", types.TEXT, nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("password_hash", types.TEXT, nullable=True),
        sa.Column("locale", types.TEXT, nullable=True),
        sa.Column("link_at", types.MomentType(), nullable=True),
        sa.Column("from_on", types.DayType(), nullable=True),
        sa.Column("until_on", types.DayType(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_account_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "act",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", types.MomentType(), nullable=False),
        sa.Column("actor_kind", types.TEXT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", types.TEXT, nullable=False),
        sa.Column("door", types.TEXT, nullable=False),
        sa.Column("word", types.TEXT, nullable=False),
        sa.Column("reason", types.TEXT, nullable=True),
        sa.Column("request_id", types.TEXT, nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("undoes", sa.BigInteger(), nullable=True),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("alg", types.TEXT, nullable=False),
        sa.Column("prev", types.TEXT, nullable=False),
        sa.Column("hash", types.TEXT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_act")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.create_index("ix_act_at", ["at"], unique=False)

    op.create_table(
        "answer",
        sa.Column("actor", types.TEXT, nullable=False),
        sa.Column("key", types.TEXT, nullable=False),
        sa.Column("fingerprint", types.TEXT, nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("headers", types.TEXT, nullable=False),
        sa.Column("body", types.TEXT, nullable=False),
        sa.Column("at", types.MomentType(), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_answer")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index("ix_answer_at", ["at"], unique=False)

    op.create_table(
        "api_key",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("key_hash", types.TEXT, nullable=False),
        sa.Column("role", types.TEXT, nullable=False),
        sa.Column("zones", types.TEXT, nullable=False),
        sa.Column("expires_on", types.DayType(), nullable=True),
        sa.CheckConstraint(
            "role IN ('reporter', 'service', 'editor', 'reviewer', 'city_office', 'department', 'leader', 'administrator', 'security_officer', 'auditor', 'key_read', 'key_write', 'key_admin', 'system')",
            name=op.f("ck_api_key_role"),
        ),
        sa.CheckConstraint("length(key_hash) <= 64", name=op.f("ck_api_key_key_hash")),
        sa.CheckConstraint("length(name) <= 100", name=op.f("ck_api_key_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_key_key_hash")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "api_key_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("key_hash", types.TEXT, nullable=False),
        sa.Column("role", types.TEXT, nullable=False),
        sa.Column("zones", types.TEXT, nullable=False),
        sa.Column("expires_on", types.DayType(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_api_key_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "change",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("noun", types.TEXT, nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("diff", types.TEXT, nullable=False),
        sa.PrimaryKeyConstraint("seq", "n", name=op.f("pk_change")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index("ix_change_row", ["noun", "row_id", "seq"], unique=False)
        batch_op.create_index("ix_change_zone", ["zone_id", "seq"], unique=False)

    op.create_table(
        "change_private",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("salt", types.TEXT, nullable=False),
        sa.Column("clear", types.TEXT, nullable=False),
        sa.PrimaryKeyConstraint("seq", "n", name=op.f("pk_change_private")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "evidence_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", types.TEXT, nullable=False),
        sa.Column("title", types.TEXT, nullable=True),
        sa.Column("dated_on", types.DayType(), nullable=True),
        sa.Column("digest", types.TEXT, nullable=False),
        sa.Column("file_name", types.TEXT, nullable=False),
        sa.Column("media_type", types.TEXT, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_evidence_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "head",
        sa.Column("one", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", types.MomentType(), nullable=False),
        sa.Column("hash", types.TEXT, nullable=False),
        sa.CheckConstraint("one = 1", name=op.f("ck_head_single")),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_head")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("digest", types.TEXT, nullable=False),
        sa.Column("file_name", types.TEXT, nullable=False),
        sa.Column("state", types.TEXT, nullable=False),
        sa.Column("opening", sa.Boolean(), nullable=False),
        sa.Column("accepted_by", types.TEXT, nullable=True),
        sa.Column("accepted_on", types.DayType(), nullable=True),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("summary", types.TEXT, nullable=False),
        sa.CheckConstraint("length(accepted_by) <= 60", name=op.f("ck_import_run_accepted_by")),
        sa.CheckConstraint("length(digest) <= 64", name=op.f("ck_import_run_digest")),
        sa.CheckConstraint("length(file_name) <= 200", name=op.f("ck_import_run_file_name")),
        sa.CheckConstraint("length(state) <= 20", name=op.f("ck_import_run_state")),
        sa.CheckConstraint("rows BETWEEN 0 AND 10000000", name=op.f("ck_import_run_rows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "import_run_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("digest", types.TEXT, nullable=False),
        sa.Column("file_name", types.TEXT, nullable=False),
        sa.Column("state", types.TEXT, nullable=False),
        sa.Column("opening", sa.Boolean(), nullable=False),
        sa.Column("accepted_by", types.TEXT, nullable=True),
        sa.Column("accepted_on", types.DayType(), nullable=True),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("summary", types.TEXT, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_import_run_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "indicator_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("key", types.TEXT, nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=True),
        sa.Column("unit", types.TEXT, nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=True),
        sa.Column("of", sa.BigInteger(), nullable=True),
        sa.Column("source", types.TEXT, nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_indicator_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "industry",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("code", types.TEXT, nullable=False),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("parent_code", types.TEXT, nullable=True),
        sa.Column("aliases", types.TEXT, nullable=False),
        sa.Column("gbt4754", types.TEXT, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(code) <= 40", name=op.f("ck_industry_code")),
        sa.CheckConstraint("length(name) <= 60", name=op.f("ck_industry_name")),
        sa.CheckConstraint("length(parent_code) <= 40", name=op.f("ck_industry_parent_code")),
        sa.CheckConstraint("position BETWEEN 0 AND 10000", name=op.f("ck_industry_position")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_industry")),
        sa.UniqueConstraint("code", name=op.f("uq_industry_code")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "industry_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("code", types.TEXT, nullable=False),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("parent_code", types.TEXT, nullable=True),
        sa.Column("aliases", types.TEXT, nullable=False),
        sa.Column("gbt4754", types.TEXT, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_industry_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", types.TEXT, nullable=False),
        sa.Column("arguments", types.TEXT, nullable=False),
        sa.Column("actor", types.TEXT, nullable=False),
        sa.Column("state", types.TEXT, nullable=False),
        sa.Column("owner", types.TEXT, nullable=True),
        sa.Column("beat_at", types.MomentType(), nullable=True),
        sa.Column("tries", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("step", types.TEXT, nullable=True),
        sa.Column("done", sa.BigInteger(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("sentence", types.TEXT, nullable=True),
        sa.Column("result_file", types.TEXT, nullable=True),
        sa.Column("not_before", types.MomentType(), nullable=True),
        sa.Column("created_at", types.MomentType(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_state", ["state", "id"], unique=False)

    op.create_table(
        "link",
        sa.Column("token_hash", types.TEXT, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", types.TEXT, nullable=False),
        sa.Column("expires_at", types.MomentType(), nullable=False),
        sa.Column("spent_at", types.MomentType(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_link")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "listing_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("number", types.TEXT, nullable=True),
        sa.Column("batch", types.TEXT, nullable=True),
        sa.Column("joined_on", types.DayType(), nullable=True),
        sa.Column("left_on", types.DayType(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_listing_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "move_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("from_ledger", types.TEXT, nullable=True),
        sa.Column("to_ledger", types.TEXT, nullable=False),
        sa.Column("happened_on", types.DayType(), nullable=True),
        sa.Column("reason", types.TEXT, nullable=True),
        sa.Column("override", sa.Boolean(), nullable=False),
        sa.Column("missing", types.TEXT, nullable=False),
        sa.Column("skipped", types.TEXT, nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("settled_on", types.DayType(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_move_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "origin_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("sheet", types.TEXT, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("cells", types.TEXT, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_origin_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("phone", types.TEXT, nullable=True),
        sa.Column("post", types.TEXT, nullable=True),
        sa.CheckConstraint("length(name) <= 60", name=op.f("ck_person_name")),
        sa.CheckConstraint("length(phone) <= 60", name=op.f("ck_person_phone")),
        sa.CheckConstraint("length(post) <= 100", name=op.f("ck_person_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "person_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("phone", types.TEXT, nullable=True),
        sa.Column("post", types.TEXT, nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_person_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "posting",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("ledger", types.TEXT, nullable=False),
        sa.Column("kind", types.TEXT, nullable=False),
        sa.Column("projects", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("official", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("light_green", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("light_yellow", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("light_red", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("light_none", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_investment_yuan_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_investment_yuan_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_investment_yuan_official_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_investment_yuan_official_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("annual_plan_yuan_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("annual_plan_yuan_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("annual_plan_yuan_official_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("annual_plan_yuan_official_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_this_year_yuan_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_this_year_yuan_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_this_year_yuan_official_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_this_year_yuan_official_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_to_date_yuan_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_to_date_yuan_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_to_date_yuan_official_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_to_date_yuan_official_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("seq", "zone_id", "ledger", "kind", name=op.f("pk_posting")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index("ix_posting_cell", ["zone_id", "ledger", "seq"], unique=False)

    op.create_table(
        "preference",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("value", types.TEXT, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "name", name=op.f("pk_preference")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "project_list",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("code", types.TEXT, nullable=False),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("level", types.TEXT, nullable=True),
        sa.Column("year", sa.BigInteger(), nullable=True),
        sa.Column("owner_unit", types.TEXT, nullable=True),
        sa.Column("document", types.TEXT, nullable=True),
        sa.CheckConstraint("length(code) <= 40", name=op.f("ck_project_list_code")),
        sa.CheckConstraint("length(document) <= 200", name=op.f("ck_project_list_document")),
        sa.CheckConstraint("length(level) <= 20", name=op.f("ck_project_list_level")),
        sa.CheckConstraint("length(name) <= 100", name=op.f("ck_project_list_name")),
        sa.CheckConstraint("length(owner_unit) <= 100", name=op.f("ck_project_list_owner_unit")),
        sa.CheckConstraint("year BETWEEN 1949 AND 2200", name=op.f("ck_project_list_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_list")),
        sa.UniqueConstraint("code", name=op.f("uq_project_list_code")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "project_list_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("code", types.TEXT, nullable=False),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("level", types.TEXT, nullable=True),
        sa.Column("year", sa.BigInteger(), nullable=True),
        sa.Column("owner_unit", types.TEXT, nullable=True),
        sa.Column("document", types.TEXT, nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_project_list_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "project_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("national_code", types.TEXT, nullable=True),
        sa.Column("statistical_code", types.TEXT, nullable=True),
        sa.Column("statistical_name", types.TEXT, nullable=True),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("kind", types.TEXT, nullable=True),
        sa.Column("nature_by_hand", types.TEXT, nullable=True),
        sa.Column("relation", types.TEXT, nullable=True),
        sa.Column("phase_no", sa.BigInteger(), nullable=True),
        sa.Column("industry", types.TEXT, nullable=True),
        sa.Column("park", types.TEXT, nullable=True),
        sa.Column("location", types.TEXT, nullable=True),
        sa.Column("content", types.TEXT, nullable=True),
        sa.Column("investor_name", types.TEXT, nullable=True),
        sa.Column("contract_amount_yuan", sa.BigInteger(), nullable=True),
        sa.Column("filed_investment_yuan", sa.BigInteger(), nullable=True),
        sa.Column("total_investment_yuan", sa.BigInteger(), nullable=True),
        sa.Column("statistical_investment_yuan", sa.BigInteger(), nullable=True),
        sa.Column("fixed_investment_yuan", sa.BigInteger(), nullable=True),
        sa.Column("foreign_investment_usd", sa.BigInteger(), nullable=True),
        sa.Column("plan_year", sa.BigInteger(), nullable=True),
        sa.Column("annual_plan_yuan", sa.BigInteger(), nullable=True),
        sa.Column("land_mode", types.TEXT, nullable=True),
        sa.Column("land_mu", sa.Float(precision=53), nullable=True),
        sa.Column("plant_area_m2", sa.Float(precision=53), nullable=True),
        sa.Column("is_high_energy_emission", sa.Boolean(), nullable=True),
        sa.Column("energy_tce", sa.Float(precision=53), nullable=True),
        sa.Column("expected_output_yuan", sa.BigInteger(), nullable=True),
        sa.Column("expected_tax_yuan", sa.BigInteger(), nullable=True),
        sa.Column("jobs", sa.BigInteger(), nullable=True),
        sa.Column("signed_on", types.DayType(), nullable=True),
        sa.Column("planned_start_month", types.TEXT, nullable=True),
        sa.Column("planned_completion_month", types.TEXT, nullable=True),
        sa.Column("planned_production_month", types.TEXT, nullable=True),
        sa.Column("transfer_month", types.TEXT, nullable=True),
        sa.Column("in_production_on", types.DayType(), nullable=True),
        sa.Column("registered_in_statistics_on", types.DayType(), nullable=True),
        sa.Column("filing_state", types.TEXT, nullable=True),
        sa.Column("filing_promised_on", types.DayType(), nullable=True),
        sa.Column("land_state", types.TEXT, nullable=True),
        sa.Column("land_promised_on", types.DayType(), nullable=True),
        sa.Column("environment_state", types.TEXT, nullable=True),
        sa.Column("environment_promised_on", types.DayType(), nullable=True),
        sa.Column("planning_permit_state", types.TEXT, nullable=True),
        sa.Column("planning_permit_promised_on", types.DayType(), nullable=True),
        sa.Column("construction_permit_state", types.TEXT, nullable=True),
        sa.Column("construction_permit_promised_on", types.DayType(), nullable=True),
        sa.Column("progress_text", types.TEXT, nullable=True),
        sa.Column("problems_own", types.TEXT, nullable=True),
        sa.Column("problems_government", types.TEXT, nullable=True),
        sa.Column("bottleneck", types.TEXT, nullable=True),
        sa.Column("sponsor_leader", types.TEXT, nullable=True),
        sa.Column("responsible_unit", types.TEXT, nullable=True),
        sa.Column("responsible_person", types.TEXT, nullable=True),
        sa.Column("phone", types.TEXT, nullable=True),
        sa.Column("service_unit", types.TEXT, nullable=True),
        sa.Column("remarks", types.TEXT, nullable=True),
        sa.Column("code", types.TEXT, nullable=False),
        sa.Column("ref_source", types.TEXT, nullable=True),
        sa.Column("ref_id", types.TEXT, nullable=True),
        sa.Column("ledger", types.TEXT, nullable=False),
        sa.Column("disposition", types.TEXT, nullable=False),
        sa.Column("disposition_reason", types.TEXT, nullable=True),
        sa.Column("disposition_on", types.DayType(), nullable=True),
        sa.Column("destination", types.TEXT, nullable=True),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("has_phases", sa.Boolean(), nullable=False),
        sa.Column("industry_code", types.TEXT, nullable=True),
        sa.Column("started_on", types.DayType(), nullable=True),
        sa.Column("completed_on", types.DayType(), nullable=True),
        sa.Column("entered_ledger_on", types.DayType(), nullable=True),
        sa.Column("opening_month", types.TEXT, nullable=True),
        sa.Column("opening_before_year_yuan", sa.BigInteger(), nullable=True),
        sa.Column("opening_this_year_yuan", sa.BigInteger(), nullable=True),
        sa.Column("opening_accepted", sa.Boolean(), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("first_planned_start_month", types.TEXT, nullable=True),
        sa.Column("postponements", sa.BigInteger(), nullable=False),
        sa.Column("marks", types.TEXT, nullable=True),
        sa.Column("lists", types.TEXT, nullable=False),
        sa.Column("shares", types.TEXT, nullable=False),
        sa.Column("construction_nature", types.TEXT, nullable=True),
        sa.Column("invested_before_this_year_yuan", sa.BigInteger(), nullable=True),
        sa.Column("invested_this_year_yuan", sa.BigInteger(), nullable=True),
        sa.Column("invested_to_date_yuan", sa.BigInteger(), nullable=True),
        sa.Column("light", types.TEXT, nullable=False),
        sa.Column("light_reason", types.TEXT, nullable=True),
        sa.Column("light_turns_on", types.DayType(), nullable=True),
        sa.Column("search_name", types.TEXT, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_project_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "responsibility_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("role", types.TEXT, nullable=False),
        sa.Column("level", types.TEXT, nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("from_on", types.DayType(), nullable=True),
        sa.Column("until_on", types.DayType(), nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_responsibility_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "seen",
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("at", types.MomentType(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_seen")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "session",
        sa.Column("token_hash", types.TEXT, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=False),
        sa.Column("seen_at", types.MomentType(), nullable=False),
        sa.Column("expires_at", types.MomentType(), nullable=False),
        sa.Column("agent", types.TEXT, nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index("ix_session_account", ["account_id"], unique=False)

    op.create_table(
        "setting",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("key", types.TEXT, nullable=False),
        sa.Column("value", types.TEXT, nullable=False),
        sa.CheckConstraint("length(key) <= 60", name=op.f("ck_setting_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("key", name=op.f("uq_setting_key")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "setting_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("key", types.TEXT, nullable=False),
        sa.Column("value", types.TEXT, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_setting_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "stamp",
        sa.Column("scope", types.TEXT, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_stamp")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("stamp", schema=None) as batch_op:
        batch_op.create_index("ix_stamp_seq", ["seq"], unique=False)

    op.create_table(
        "throttle",
        sa.Column("key", types.TEXT, nullable=False),
        sa.Column("hits", sa.BigInteger(), nullable=False),
        sa.Column("until", types.MomentType(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "total",
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("ledger", types.TEXT, nullable=False),
        sa.Column("projects", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("official", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("light_green", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("light_yellow", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("light_red", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("light_none", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_investment_yuan_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_investment_yuan_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_investment_yuan_official_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_investment_yuan_official_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("annual_plan_yuan_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("annual_plan_yuan_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("annual_plan_yuan_official_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("annual_plan_yuan_official_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_this_year_yuan_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_this_year_yuan_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_this_year_yuan_official_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_this_year_yuan_official_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_to_date_yuan_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_to_date_yuan_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_to_date_yuan_official_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_to_date_yuan_official_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("zone_id", "ledger", name=op.f("pk_total")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "total_at",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("ledger", types.TEXT, nullable=False),
        sa.Column("projects", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("official", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("light_green", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("light_yellow", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("light_red", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("light_none", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_investment_yuan_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_investment_yuan_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_investment_yuan_official_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_investment_yuan_official_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("annual_plan_yuan_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("annual_plan_yuan_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("annual_plan_yuan_official_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("annual_plan_yuan_official_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_this_year_yuan_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_this_year_yuan_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_this_year_yuan_official_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_this_year_yuan_official_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_to_date_yuan_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_to_date_yuan_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_to_date_yuan_official_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invested_to_date_yuan_official_known", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("seq", "zone_id", "ledger", name=op.f("pk_total_at")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("total_at", schema=None) as batch_op:
        batch_op.create_index("ix_total_at_cell", ["zone_id", "ledger", "seq"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("from_on", types.DayType(), nullable=True),
        sa.Column("until_on", types.DayType(), nullable=True),
        sa.Column("former_names", types.TEXT, nullable=False),
        sa.Column("aliases", types.TEXT, nullable=False),
        sa.Column("merged_into_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("length(name) <= 100", name=op.f("ck_unit_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "unit_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("from_on", types.DayType(), nullable=True),
        sa.Column("until_on", types.DayType(), nullable=True),
        sa.Column("former_names", types.TEXT, nullable=False),
        sa.Column("aliases", types.TEXT, nullable=False),
        sa.Column("merged_into_id", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_unit_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "zone",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("short_name", types.TEXT, nullable=True),
        sa.Column("level", types.TEXT, nullable=True),
        sa.Column("kind", types.TEXT, nullable=True),
        sa.Column("province", types.TEXT, nullable=True),
        sa.Column("city", types.TEXT, nullable=True),
        sa.Column("county", types.TEXT, nullable=True),
        sa.Column("planned_area_km2", sa.Float(precision=53), nullable=True),
        sa.Column("remaining_area_km2", sa.Float(precision=53), nullable=True),
        sa.Column("official_code", types.TEXT, nullable=True),
        sa.Column("reporting_month", types.TEXT, nullable=True),
        sa.Column("code", types.TEXT, nullable=False),
        sa.Column("leading_industries", types.TEXT, nullable=False),
        sa.Column("aliases", types.TEXT, nullable=False),
        sa.Column("successor_of", types.TEXT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('economic_technological', 'high_tech', 'tourism_resort', 'bonded', 'other')",
            name=op.f("ck_zone_kind"),
        ),
        sa.CheckConstraint("level IN ('national', 'provincial', 'municipal')", name=op.f("ck_zone_level")),
        sa.CheckConstraint("reporting_month LIKE '____-__'", name=op.f("ck_zone_reporting_month")),
        sa.CheckConstraint("length(city) <= 40", name=op.f("ck_zone_city")),
        sa.CheckConstraint("length(code) <= 40", name=op.f("ck_zone_code")),
        sa.CheckConstraint("length(county) <= 40", name=op.f("ck_zone_county")),
        sa.CheckConstraint("length(name) <= 100", name=op.f("ck_zone_name")),
        sa.CheckConstraint("length(official_code) <= 20", name=op.f("ck_zone_official_code")),
        sa.CheckConstraint("length(province) <= 40", name=op.f("ck_zone_province")),
        sa.CheckConstraint("length(short_name) <= 40", name=op.f("ck_zone_short_name")),
        sa.CheckConstraint("planned_area_km2 BETWEEN 0 AND 100000", name=op.f("ck_zone_planned_area_km2")),
        sa.CheckConstraint("remaining_area_km2 BETWEEN 0 AND 100000", name=op.f("ck_zone_remaining_area_km2")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone")),
        sa.UniqueConstraint("code", name=op.f("uq_zone_code")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "zone_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("short_name", types.TEXT, nullable=True),
        sa.Column("level", types.TEXT, nullable=True),
        sa.Column("kind", types.TEXT, nullable=True),
        sa.Column("province", types.TEXT, nullable=True),
        sa.Column("city", types.TEXT, nullable=True),
        sa.Column("county", types.TEXT, nullable=True),
        sa.Column("planned_area_km2", sa.Float(precision=53), nullable=True),
        sa.Column("remaining_area_km2", sa.Float(precision=53), nullable=True),
        sa.Column("official_code", types.TEXT, nullable=True),
        sa.Column("reporting_month", types.TEXT, nullable=True),
        sa.Column("code", types.TEXT, nullable=False),
        sa.Column("leading_industries", types.TEXT, nullable=False),
        sa.Column("aliases", types.TEXT, nullable=False),
        sa.Column("successor_of", types.TEXT, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_zone_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "indicator",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("key", types.TEXT, nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=True),
        sa.Column("unit", types.TEXT, nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=True),
        sa.Column("of", sa.BigInteger(), nullable=True),
        sa.Column("source", types.TEXT, nullable=True),
        sa.CheckConstraint("length(key) <= 40", name=op.f("ck_indicator_key")),
        sa.CheckConstraint("length(source) <= 200", name=op.f("ck_indicator_source")),
        sa.CheckConstraint("length(unit) <= 20", name=op.f("ck_indicator_unit")),
        sa.CheckConstraint("of BETWEEN 0 AND 100000", name=op.f("ck_indicator_of")),
        sa.CheckConstraint("rank BETWEEN 0 AND 100000", name=op.f("ck_indicator_rank")),
        sa.CheckConstraint("value BETWEEN 0 AND 1000000000000000", name=op.f("ck_indicator_value")),
        sa.CheckConstraint("year BETWEEN 1949 AND 2200", name=op.f("ck_indicator_year")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_indicator_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_zone_id"), ["zone_id"], unique=False)

    op.create_table(
        "project",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("national_code", types.TEXT, nullable=True),
        sa.Column("statistical_code", types.TEXT, nullable=True),
        sa.Column("statistical_name", types.TEXT, nullable=True),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("kind", types.TEXT, nullable=True),
        sa.Column("nature_by_hand", types.TEXT, nullable=True),
        sa.Column("relation", types.TEXT, nullable=True),
        sa.Column("phase_no", sa.BigInteger(), nullable=True),
        sa.Column("industry", types.TEXT, nullable=True),
        sa.Column("park", types.TEXT, nullable=True),
        sa.Column("location", types.TEXT, nullable=True),
        sa.Column("content", types.TEXT, nullable=True),
        sa.Column("investor_name", types.TEXT, nullable=True),
        sa.Column("contract_amount_yuan", sa.BigInteger(), nullable=True),
        sa.Column("filed_investment_yuan", sa.BigInteger(), nullable=True),
        sa.Column("total_investment_yuan", sa.BigInteger(), nullable=True),
        sa.Column("statistical_investment_yuan", sa.BigInteger(), nullable=True),
        sa.Column("fixed_investment_yuan", sa.BigInteger(), nullable=True),
        sa.Column("foreign_investment_usd", sa.BigInteger(), nullable=True),
        sa.Column("plan_year", sa.BigInteger(), nullable=True),
        sa.Column("annual_plan_yuan", sa.BigInteger(), nullable=True),
        sa.Column("land_mode", types.TEXT, nullable=True),
        sa.Column("land_mu", sa.Float(precision=53), nullable=True),
        sa.Column("plant_area_m2", sa.Float(precision=53), nullable=True),
        sa.Column("is_high_energy_emission", sa.Boolean(), nullable=True),
        sa.Column("energy_tce", sa.Float(precision=53), nullable=True),
        sa.Column("expected_output_yuan", sa.BigInteger(), nullable=True),
        sa.Column("expected_tax_yuan", sa.BigInteger(), nullable=True),
        sa.Column("jobs", sa.BigInteger(), nullable=True),
        sa.Column("signed_on", types.DayType(), nullable=True),
        sa.Column("planned_start_month", types.TEXT, nullable=True),
        sa.Column("planned_completion_month", types.TEXT, nullable=True),
        sa.Column("planned_production_month", types.TEXT, nullable=True),
        sa.Column("transfer_month", types.TEXT, nullable=True),
        sa.Column("in_production_on", types.DayType(), nullable=True),
        sa.Column("registered_in_statistics_on", types.DayType(), nullable=True),
        sa.Column("filing_state", types.TEXT, nullable=True),
        sa.Column("filing_promised_on", types.DayType(), nullable=True),
        sa.Column("land_state", types.TEXT, nullable=True),
        sa.Column("land_promised_on", types.DayType(), nullable=True),
        sa.Column("environment_state", types.TEXT, nullable=True),
        sa.Column("environment_promised_on", types.DayType(), nullable=True),
        sa.Column("planning_permit_state", types.TEXT, nullable=True),
        sa.Column("planning_permit_promised_on", types.DayType(), nullable=True),
        sa.Column("construction_permit_state", types.TEXT, nullable=True),
        sa.Column("construction_permit_promised_on", types.DayType(), nullable=True),
        sa.Column("progress_text", types.TEXT, nullable=True),
        sa.Column("problems_own", types.TEXT, nullable=True),
        sa.Column("problems_government", types.TEXT, nullable=True),
        sa.Column("bottleneck", types.TEXT, nullable=True),
        sa.Column("sponsor_leader", types.TEXT, nullable=True),
        sa.Column("responsible_unit", types.TEXT, nullable=True),
        sa.Column("responsible_person", types.TEXT, nullable=True),
        sa.Column("phone", types.TEXT, nullable=True),
        sa.Column("service_unit", types.TEXT, nullable=True),
        sa.Column("remarks", types.TEXT, nullable=True),
        sa.Column("code", types.TEXT, nullable=False),
        sa.Column("ref_source", types.TEXT, nullable=True),
        sa.Column("ref_id", types.TEXT, nullable=True),
        sa.Column("ledger", types.TEXT, nullable=False),
        sa.Column("disposition", types.TEXT, nullable=False),
        sa.Column("disposition_reason", types.TEXT, nullable=True),
        sa.Column("disposition_on", types.DayType(), nullable=True),
        sa.Column("destination", types.TEXT, nullable=True),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("has_phases", sa.Boolean(), nullable=False),
        sa.Column("industry_code", types.TEXT, nullable=True),
        sa.Column("started_on", types.DayType(), nullable=True),
        sa.Column("completed_on", types.DayType(), nullable=True),
        sa.Column("entered_ledger_on", types.DayType(), nullable=True),
        sa.Column("opening_month", types.TEXT, nullable=True),
        sa.Column("opening_before_year_yuan", sa.BigInteger(), nullable=True),
        sa.Column("opening_this_year_yuan", sa.BigInteger(), nullable=True),
        sa.Column("opening_accepted", sa.Boolean(), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("first_planned_start_month", types.TEXT, nullable=True),
        sa.Column("postponements", sa.BigInteger(), nullable=False),
        sa.Column("marks", types.TEXT, nullable=True),
        sa.Column("lists", types.TEXT, nullable=False),
        sa.Column("shares", types.TEXT, nullable=False),
        sa.Column("construction_nature", types.TEXT, nullable=True),
        sa.Column("invested_before_this_year_yuan", sa.BigInteger(), nullable=True),
        sa.Column("invested_this_year_yuan", sa.BigInteger(), nullable=True),
        sa.Column("invested_to_date_yuan", sa.BigInteger(), nullable=True),
        sa.Column("light", types.TEXT, nullable=False),
        sa.Column("light_reason", types.TEXT, nullable=True),
        sa.Column("light_turns_on", types.DayType(), nullable=True),
        sa.Column("search_name", types.TEXT, nullable=False),
        sa.CheckConstraint(
            "construction_nature IN ('new_start', 'carried_over', 'completing', 'preparatory')",
            name=op.f("ck_project_construction_nature"),
        ),
        sa.CheckConstraint(
            "construction_permit_state IN ('not_started', 'in_progress', 'done')",
            name=op.f("ck_project_construction_permit_state"),
        ),
        sa.CheckConstraint(
            "disposition IN ('active', 'deferred', 'suspended', 'lost', 'withdrawn')",
            name=op.f("ck_project_disposition"),
        ),
        sa.CheckConstraint(
            "environment_state IN ('not_started', 'in_progress', 'done')", name=op.f("ck_project_environment_state")
        ),
        sa.CheckConstraint(
            "filing_state IN ('not_started', 'in_progress', 'done')", name=op.f("ck_project_filing_state")
        ),
        sa.CheckConstraint(
            "first_planned_start_month LIKE '____-__'", name=op.f("ck_project_first_planned_start_month")
        ),
        sa.CheckConstraint(
            "kind IN ('new_investment', 'expansion', 'profit_reinvestment', 'technical_upgrade')",
            name=op.f("ck_project_kind"),
        ),
        sa.CheckConstraint("land_mode IN ('new_land', 'existing_plant', 'leased')", name=op.f("ck_project_land_mode")),
        sa.CheckConstraint("land_state IN ('not_started', 'in_progress', 'done')", name=op.f("ck_project_land_state")),
        sa.CheckConstraint(
            "ledger IN ('reserve', 'upcoming', 'in_construction', 'completed')", name=op.f("ck_project_ledger")
        ),
        sa.CheckConstraint("light IN ('green', 'yellow', 'red', 'none')", name=op.f("ck_project_light")),
        sa.CheckConstraint(
            "nature_by_hand IN ('new_start', 'carried_over', 'completing', 'preparatory')",
            name=op.f("ck_project_nature_by_hand"),
        ),
        sa.CheckConstraint("opening_month LIKE '____-__'", name=op.f("ck_project_opening_month")),
        sa.CheckConstraint("planned_completion_month LIKE '____-__'", name=op.f("ck_project_planned_completion_month")),
        sa.CheckConstraint("planned_production_month LIKE '____-__'", name=op.f("ck_project_planned_production_month")),
        sa.CheckConstraint("planned_start_month LIKE '____-__'", name=op.f("ck_project_planned_start_month")),
        sa.CheckConstraint(
            "planning_permit_state IN ('not_started', 'in_progress', 'done')",
            name=op.f("ck_project_planning_permit_state"),
        ),
        sa.CheckConstraint("relation IN ('expansion', 'phase', 'part')", name=op.f("ck_project_relation")),
        sa.CheckConstraint("transfer_month LIKE '____-__'", name=op.f("ck_project_transfer_month")),
        sa.CheckConstraint("annual_plan_yuan BETWEEN 0 AND 1000000000000000", name=op.f("ck_project_annual_plan_yuan")),
        sa.CheckConstraint(
            "contract_amount_yuan BETWEEN 0 AND 1000000000000000", name=op.f("ck_project_contract_amount_yuan")
        ),
        sa.CheckConstraint("energy_tce BETWEEN 0 AND 1000000000000", name=op.f("ck_project_energy_tce")),
        sa.CheckConstraint(
            "expected_output_yuan BETWEEN 0 AND 1000000000000000", name=op.f("ck_project_expected_output_yuan")
        ),
        sa.CheckConstraint(
            "expected_tax_yuan BETWEEN 0 AND 1000000000000000", name=op.f("ck_project_expected_tax_yuan")
        ),
        sa.CheckConstraint(
            "filed_investment_yuan BETWEEN 0 AND 1000000000000000", name=op.f("ck_project_filed_investment_yuan")
        ),
        sa.CheckConstraint(
            "fixed_investment_yuan BETWEEN 0 AND 1000000000000000", name=op.f("ck_project_fixed_investment_yuan")
        ),
        sa.CheckConstraint(
            "foreign_investment_usd BETWEEN 0 AND 100000000000000", name=op.f("ck_project_foreign_investment_usd")
        ),
        sa.CheckConstraint(
            "invested_before_this_year_yuan BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_project_invested_before_this_year_yuan"),
        ),
        sa.CheckConstraint(
            "invested_this_year_yuan BETWEEN 0 AND 1000000000000000", name=op.f("ck_project_invested_this_year_yuan")
        ),
        sa.CheckConstraint(
            "invested_to_date_yuan BETWEEN 0 AND 1000000000000000", name=op.f("ck_project_invested_to_date_yuan")
        ),
        sa.CheckConstraint("jobs BETWEEN 0 AND 10000000", name=op.f("ck_project_jobs")),
        sa.CheckConstraint("land_mu BETWEEN 0 AND 10000000", name=op.f("ck_project_land_mu")),
        sa.CheckConstraint("length(bottleneck) <= 200", name=op.f("ck_project_bottleneck")),
        sa.CheckConstraint("length(code) <= 40", name=op.f("ck_project_code")),
        sa.CheckConstraint("length(content) <= 2000", name=op.f("ck_project_content")),
        sa.CheckConstraint("length(destination) <= 200", name=op.f("ck_project_destination")),
        sa.CheckConstraint("length(disposition_reason) <= 500", name=op.f("ck_project_disposition_reason")),
        sa.CheckConstraint("length(industry) <= 60", name=op.f("ck_project_industry")),
        sa.CheckConstraint("length(industry_code) <= 40", name=op.f("ck_project_industry_code")),
        sa.CheckConstraint("length(investor_name) <= 200", name=op.f("ck_project_investor_name")),
        sa.CheckConstraint("length(location) <= 200", name=op.f("ck_project_location")),
        sa.CheckConstraint("length(marks) <= 20", name=op.f("ck_project_marks")),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_project_name")),
        sa.CheckConstraint("length(national_code) <= 40", name=op.f("ck_project_national_code")),
        sa.CheckConstraint("length(park) <= 100", name=op.f("ck_project_park")),
        sa.CheckConstraint("length(phone) <= 60", name=op.f("ck_project_phone")),
        sa.CheckConstraint("length(problems_government) <= 1000", name=op.f("ck_project_problems_government")),
        sa.CheckConstraint("length(problems_own) <= 1000", name=op.f("ck_project_problems_own")),
        sa.CheckConstraint("length(progress_text) <= 1000", name=op.f("ck_project_progress_text")),
        sa.CheckConstraint("length(ref_id) <= 120", name=op.f("ck_project_ref_id")),
        sa.CheckConstraint("length(ref_source) <= 60", name=op.f("ck_project_ref_source")),
        sa.CheckConstraint("length(remarks) <= 2000", name=op.f("ck_project_remarks")),
        sa.CheckConstraint("length(responsible_person) <= 100", name=op.f("ck_project_responsible_person")),
        sa.CheckConstraint("length(responsible_unit) <= 100", name=op.f("ck_project_responsible_unit")),
        sa.CheckConstraint("length(service_unit) <= 100", name=op.f("ck_project_service_unit")),
        sa.CheckConstraint("length(sponsor_leader) <= 100", name=op.f("ck_project_sponsor_leader")),
        sa.CheckConstraint("length(statistical_code) <= 40", name=op.f("ck_project_statistical_code")),
        sa.CheckConstraint("length(statistical_name) <= 200", name=op.f("ck_project_statistical_name")),
        sa.CheckConstraint(
            "opening_before_year_yuan BETWEEN 0 AND 1000000000000000", name=op.f("ck_project_opening_before_year_yuan")
        ),
        sa.CheckConstraint(
            "opening_this_year_yuan BETWEEN 0 AND 1000000000000000", name=op.f("ck_project_opening_this_year_yuan")
        ),
        sa.CheckConstraint("phase_no BETWEEN 0 AND 99", name=op.f("ck_project_phase_no")),
        sa.CheckConstraint("plan_year BETWEEN 1949 AND 2200", name=op.f("ck_project_plan_year")),
        sa.CheckConstraint("plant_area_m2 BETWEEN 0 AND 1000000000", name=op.f("ck_project_plant_area_m2")),
        sa.CheckConstraint("postponements BETWEEN 0 AND 1000", name=op.f("ck_project_postponements")),
        sa.CheckConstraint(
            "statistical_investment_yuan BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_project_statistical_investment_yuan"),
        ),
        sa.CheckConstraint(
            "total_investment_yuan BETWEEN 0 AND 1000000000000000", name=op.f("ck_project_total_investment_yuan")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["project.id"], name=op.f("fk_project_parent_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_project_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("code", name=op.f("uq_project_code")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index("ix_project_name", ["zone_id", "search_name"], unique=False)
        batch_op.create_index(
            "ix_project_national",
            ["national_code"],
            unique=False,
            sqlite_where=sa.text("national_code IS NOT NULL"),
            postgresql_where=sa.text("national_code IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_project_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(
            "ix_project_ref",
            ["ref_source", "ref_id"],
            unique=True,
            sqlite_where=sa.text("ref_id IS NOT NULL"),
            postgresql_where=sa.text("ref_id IS NOT NULL"),
        )
        batch_op.create_index("ix_project_since", ["zone_id", "since"], unique=False)
        batch_op.create_index(
            "ix_project_turns",
            ["light_turns_on"],
            unique=False,
            sqlite_where=sa.text("light_turns_on IS NOT NULL"),
            postgresql_where=sa.text("light_turns_on IS NOT NULL"),
        )

    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", types.TEXT, nullable=False),
        sa.Column("title", types.TEXT, nullable=True),
        sa.Column("dated_on", types.DayType(), nullable=True),
        sa.Column("digest", types.TEXT, nullable=False),
        sa.Column("file_name", types.TEXT, nullable=False),
        sa.Column("media_type", types.TEXT, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('contract', 'filing_certificate', 'construction_permit', 'construction_contract', 'site_photo', 'installation_photo', 'acceptance_record', 'owner_statement', 'other')",
            name=op.f("ck_evidence_kind"),
        ),
        sa.CheckConstraint("length(digest) <= 64", name=op.f("ck_evidence_digest")),
        sa.CheckConstraint("length(file_name) <= 200", name=op.f("ck_evidence_file_name")),
        sa.CheckConstraint("length(media_type) <= 100", name=op.f("ck_evidence_media_type")),
        sa.CheckConstraint("length(title) <= 200", name=op.f("ck_evidence_title")),
        sa.CheckConstraint("size BETWEEN 0 AND 1099511627776", name=op.f("ck_evidence_size")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_evidence_project_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_evidence_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_project_id"), ["project_id"], unique=False)

    op.create_table(
        "listing",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("number", types.TEXT, nullable=True),
        sa.Column("batch", types.TEXT, nullable=True),
        sa.Column("joined_on", types.DayType(), nullable=True),
        sa.Column("left_on", types.DayType(), nullable=True),
        sa.CheckConstraint("length(batch) <= 40", name=op.f("ck_listing_batch")),
        sa.CheckConstraint("length(number) <= 40", name=op.f("ck_listing_number")),
        sa.ForeignKeyConstraint(["list_id"], ["project_list.id"], name=op.f("fk_listing_list_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_listing_project_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_listing_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_list_id"), ["list_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_project_id"), ["project_id"], unique=False)

    op.create_table(
        "move",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("from_ledger", types.TEXT, nullable=True),
        sa.Column("to_ledger", types.TEXT, nullable=False),
        sa.Column("happened_on", types.DayType(), nullable=True),
        sa.Column("reason", types.TEXT, nullable=True),
        sa.Column("override", sa.Boolean(), nullable=False),
        sa.Column("missing", types.TEXT, nullable=False),
        sa.Column("skipped", types.TEXT, nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("settled_on", types.DayType(), nullable=True),
        sa.CheckConstraint(
            "from_ledger IN ('reserve', 'upcoming', 'in_construction', 'completed')", name=op.f("ck_move_from_ledger")
        ),
        sa.CheckConstraint(
            "to_ledger IN ('reserve', 'upcoming', 'in_construction', 'completed')", name=op.f("ck_move_to_ledger")
        ),
        sa.CheckConstraint("length(reason) <= 500", name=op.f("ck_move_reason")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_move_project_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_move_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    with op.batch_alter_table("move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_move_project_id"), ["project_id"], unique=False)

    op.create_table(
        "origin",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("sheet", types.TEXT, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("cells", types.TEXT, nullable=False),
        sa.CheckConstraint("length(sheet) <= 200", name=op.f("ck_origin_sheet")),
        sa.CheckConstraint("row BETWEEN 0 AND 10000000", name=op.f("ck_origin_row")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_origin_import_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_origin_project_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_origin_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_origin")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    with op.batch_alter_table("origin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_origin_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_origin_project_id"), ["project_id"], unique=False)

    op.create_table(
        "responsibility",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("role", types.TEXT, nullable=False),
        sa.Column("level", types.TEXT, nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("from_on", types.DayType(), nullable=True),
        sa.Column("until_on", types.DayType(), nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("level IN ('city', 'county', 'zone')", name=op.f("ck_responsibility_level")),
        sa.CheckConstraint(
            "role IN ('sponsor_leader', 'responsible_unit', 'responsible_person', 'service_unit', 'service_person', 'liaison', 'owner_contact', 'task_force')",
            name=op.f("ck_responsibility_role"),
        ),
        sa.CheckConstraint("rank BETWEEN 1 AND 99", name=op.f("ck_responsibility_rank")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_responsibility_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_responsibility_project_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_responsibility_unit_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_responsibility_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibility")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    with op.batch_alter_table("responsibility", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_responsibility_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_responsibility_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_responsibility_unit_id"), ["unit_id"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE project_terms (id BIGINT PRIMARY KEY, terms TEXT[] NOT NULL)")
        op.execute("CREATE INDEX ix_project_terms_terms ON project_terms USING gin (terms)")
    # Autogenerate cannot see an index over expressions.
    # Unknown is the smallest value on both: SQLite's own order, said aloud on PostgreSQL.
    last = " NULLS LAST" if op.get_bind().dialect.name == "postgresql" else ""
    page = f"zone_id, ledger, total_investment_yuan DESC{last}, id DESC"
    op.execute(f"CREATE INDEX ix_project_page ON project ({page}) WHERE deleted_at IS NULL")
    op.execute(f"CREATE INDEX ix_project_version_page ON project_version ({page}, since, until)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_table("project_terms")
    with op.batch_alter_table("responsibility", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_responsibility_unit_id"))
        batch_op.drop_index(batch_op.f("ix_responsibility_project_id"))
        batch_op.drop_index(batch_op.f("ix_responsibility_person_id"))

    op.drop_table("responsibility")
    with op.batch_alter_table("origin", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_origin_project_id"))
        batch_op.drop_index(batch_op.f("ix_origin_import_id"))

    op.drop_table("origin")
    with op.batch_alter_table("move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_move_project_id"))

    op.drop_table("move")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_project_id"))
        batch_op.drop_index(batch_op.f("ix_listing_list_id"))

    op.drop_table("listing")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_project_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_project_turns",
            sqlite_where=sa.text("light_turns_on IS NOT NULL"),
            postgresql_where=sa.text("light_turns_on IS NOT NULL"),
        )
        batch_op.drop_index("ix_project_since")
        batch_op.drop_index(
            "ix_project_ref", sqlite_where=sa.text("ref_id IS NOT NULL"), postgresql_where=sa.text("ref_id IS NOT NULL")
        )
        batch_op.drop_index(batch_op.f("ix_project_parent_id"))
        batch_op.drop_index(
            "ix_project_national",
            sqlite_where=sa.text("national_code IS NOT NULL"),
            postgresql_where=sa.text("national_code IS NOT NULL"),
        )
        batch_op.drop_index("ix_project_name")

    op.drop_table("project")
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_zone_id"))

    op.drop_table("indicator")
    op.drop_table("zone_version")
    op.drop_table("zone")
    op.drop_table("unit_version")
    op.drop_table("unit")
    with op.batch_alter_table("total_at", schema=None) as batch_op:
        batch_op.drop_index("ix_total_at_cell")

    op.drop_table("total_at")
    op.drop_table("total")
    op.drop_table("throttle")
    with op.batch_alter_table("stamp", schema=None) as batch_op:
        batch_op.drop_index("ix_stamp_seq")

    op.drop_table("stamp")
    op.drop_table("setting_version")
    op.drop_table("setting")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index("ix_session_account")

    op.drop_table("session")
    op.drop_table("seen")
    op.drop_table("responsibility_version")
    op.drop_table("project_version")
    op.drop_table("project_list_version")
    op.drop_table("project_list")
    op.drop_table("preference")
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.drop_index("ix_posting_cell")

    op.drop_table("posting")
    op.drop_table("person_version")
    op.drop_table("person")
    op.drop_table("origin_version")
    op.drop_table("move_version")
    op.drop_table("listing_version")
    op.drop_table("link")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_state")

    op.drop_table("job")
    op.drop_table("industry_version")
    op.drop_table("industry")
    op.drop_table("indicator_version")
    op.drop_table("import_run_version")
    op.drop_table("import_run")
    op.drop_table("head")
    op.drop_table("evidence_version")
    op.drop_table("change_private")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index("ix_change_zone")
        batch_op.drop_index("ix_change_row")

    op.drop_table("change")
    op.drop_table("api_key_version")
    op.drop_table("api_key")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index("ix_answer_at")

    op.drop_table("answer")
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.drop_index("ix_act_at")

    op.drop_table("act")
    op.drop_table("account_version")
    op.drop_table("account")
