"""The tables of relay and inbox as SQLAlchemy Core, for the services' own migrations.

Guarantees that a service has these tables in the shape that the code of this package writes. Row
level security and rights are laid on by the store's schema module; :data:`KOMMUN_TABLES` names
those that carry a kommunkod.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

KOMMUN_TABLES = ("rafakta", "rafakta_amne", "smutsig", "karantan")
"""Consumer tables with kommunkod (``karantan``'s may be NULL: then no kommun sees the row)."""

CONSUMER_TABLES = ("inkorg", "styrpost", *KOMMUN_TABLES)
"""All consumer tables; ``inkorg`` and ``styrpost`` speak of streams, not of kommuner."""

RELAY_TABLES = ("relalage",)
"""The publisher's copy of its position; the control topic is the true one."""


def relay_tables(metadata: sa.MetaData) -> list[sa.Table]:
    """The tables of a service that publishes: ``relalage``, one row, read by metrics only."""
    return [
        sa.Table(
            "relalage",
            metadata,
            sa.Column("en_rad", sa.Boolean, primary_key=True, server_default=sa.true()),
            sa.Column("epok", sa.Integer, nullable=False),
            sa.Column("pos", sa.BigInteger, nullable=False),
            sa.Column("registrerad", _instant(), nullable=False),
            sa.Column("skriven", _instant(), nullable=False, server_default=sa.func.now()),
            sa.CheckConstraint("en_rad", name="relalage_en_rad"),
        )
    ]


def consumer_tables(metadata: sa.MetaData) -> list[sa.Table]:
    """The tables of a service that reads others' streams."""
    return [
        _inkorg(metadata),
        _styrpost(metadata),
        _rafakta(metadata),
        _rafakta_amne(metadata),
        _smutsig(metadata),
        _karantan(metadata),
    ]


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _inkorg(metadata: sa.MetaData) -> sa.Table:
    """Where a consumer stands in a partition: its mark and the offset to read from."""
    return sa.Table(
        "inkorg",
        metadata,
        sa.Column("konsument", sa.Text, primary_key=True),
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True),
        sa.Column("vyversion", sa.Text, nullable=False),
        sa.Column("topic_id", sa.Text),
        sa.Column("offset", sa.BigInteger),
        sa.Column("installation", sa.Uuid),
        sa.Column("epok", sa.Integer, nullable=False, server_default="0"),
        sa.Column("pos", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("index", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lage", sa.Text, nullable=False, server_default="oppen"),
        sa.Column("skal", sa.Text),
        sa.CheckConstraint("lage IN ('oppen', 'hoppa', 'lucka', 'stopp')", name="inkorg_lage"),
    )


def _styrpost(metadata: sa.MetaData) -> sa.Table:
    """The newest control record whose marks are all reached: the stream's watermark here."""
    return sa.Table(
        "styrpost",
        metadata,
        sa.Column("konsument", sa.Text, primary_key=True),
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("installation", sa.Uuid, nullable=False),
        sa.Column("epok", sa.Integer, nullable=False),
        sa.Column("pos", sa.BigInteger, nullable=False),
        sa.Column("registrerad", _instant(), nullable=False),
        sa.Column("kedja", sa.LargeBinary, nullable=False),
        sa.Column("sista", JSONB, nullable=False),
    )


def _rafakta(metadata: sa.MetaData) -> sa.Table:
    """Every accepted message, whole: the only source of derived rows."""
    return sa.Table(
        "rafakta",
        metadata,
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("pos", sa.BigInteger, primary_key=True),
        sa.Column("index", sa.Integer, primary_key=True),
        sa.Column("epok", sa.Integer, nullable=False),
        sa.Column("kommunkod", sa.Text, nullable=False),
        sa.Column("typ", sa.Text, nullable=False),
        sa.Column("nyckel", sa.Text, nullable=False),
        sa.Column("registrerad", _instant(), nullable=False),
        sa.Column("data", JSONB, nullable=False),
    )


def _rafakta_amne(metadata: sa.MetaData) -> sa.Table:
    """Which subjects a raw fact is about."""
    return sa.Table(
        "rafakta_amne",
        metadata,
        sa.Column("kommunkod", sa.Text, primary_key=True),
        sa.Column("slag", sa.Text, primary_key=True),
        sa.Column("amne", sa.Text, primary_key=True),
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("pos", sa.BigInteger, primary_key=True),
        sa.Column("index", sa.Integer, primary_key=True),
        sa.Index("rafakta_amne_plats", "topic", "pos", "index"),
    )


def _smutsig(metadata: sa.MetaData) -> sa.Table:
    """Subjects whose derived rows are older than their raw facts, and since when.

    ``registrerad`` is the lowest instant not folded; ``version`` rises each time it is marked.
    """
    return sa.Table(
        "smutsig",
        metadata,
        sa.Column("slag", sa.Text, primary_key=True),
        sa.Column("kommunkod", sa.Text, primary_key=True),
        sa.Column("amne", sa.Text, primary_key=True),
        sa.Column("registrerad", _instant(), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        sa.Column("forsok", sa.Integer, nullable=False, server_default="0"),
        sa.Column("nasta", _instant()),
        sa.Column("fel", sa.Text),
        sa.Index("smutsig_kommun_registrerad", "kommunkod", "registrerad"),
    )


def _karantan(metadata: sa.MetaData) -> sa.Table:
    """Messages put aside, whole, with the reason and what a person decided."""
    states = "'karantan', 'hallen', 'okand_typ', 'slappt', 'kastad', 'passerad', 'tillampad'"
    return sa.Table(
        "karantan",
        metadata,
        sa.Column("konsument", sa.Text, primary_key=True),
        sa.Column("vyversion", sa.Text, primary_key=True),
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True),
        sa.Column("offset", sa.BigInteger, primary_key=True),
        sa.Column("kommunkod", sa.Text),
        sa.Column("nyckel", sa.Text),
        sa.Column("epok", sa.Integer),
        sa.Column("pos", sa.BigInteger),
        sa.Column("index", sa.Integer),
        sa.Column("registrerad", _instant()),
        sa.Column("typ", sa.Text),
        sa.Column("ra_nyckel", sa.LargeBinary),
        sa.Column("ra", sa.LargeBinary),
        sa.Column("huvuden", JSONB, nullable=False),
        sa.Column("orsak", sa.Text, nullable=False),
        sa.Column("lage", sa.Text, nullable=False),
        sa.Column("inkommen", _instant(), nullable=False, server_default=sa.func.now()),
        sa.Column("beslutad_av", sa.Text),
        sa.Column("beslut_skal", sa.Text),
        sa.Column("beslutad", _instant()),
        sa.CheckConstraint(f"lage IN ({states})", name="karantan_lage"),
        sa.Index("karantan_kommun", "kommunkod", "lage"),
    )
