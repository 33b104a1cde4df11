"""The tables of relay and inbox, version 1: frozen, because migrations that have run call it.

A later change is a new migration, never a change here. The shapes are those of
``streams.tables``, and a test compares the two. The API's role may look at how the streams stand,
and mark what a person has decided about a message put aside; it writes nothing else here.
"""

from alembic import op

from services.chassis.migration.roles import OWN_KOMMUN, protect

_ALL = "SELECT, INSERT, UPDATE, DELETE"


def create_publisher(service: str) -> None:
    """The tables of a service that publishes a stream."""
    op.execute(
        """
        CREATE TABLE relalage (
            en_rad boolean NOT NULL DEFAULT true PRIMARY KEY,
            epok integer NOT NULL,
            pos bigint NOT NULL,
            registrerad timestamptz NOT NULL,
            skriven timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT relalage_en_rad CHECK (en_rad)
        )
        """
    )
    protect(service, "relalage", api="SELECT", stream=_ALL, kommun_column=False)


def create_consumer(service: str) -> None:
    """The tables of a service that reads others' streams."""
    for statement in (_INKORG, _STYRPOST, _RAFAKTA, _RAFAKTA_AMNE, _SMUTSIG, _KARANTAN, *_INDEXES):
        op.execute(statement)
    protect(
        service,
        "inkorg",
        api="SELECT, UPDATE (lage, skal)",
        stream=_ALL,
        kommun_column=False,
    )
    protect(service, "styrpost", api="SELECT", stream=_ALL, kommun_column=False)
    protect(service, "rafakta", api="SELECT", stream=_ALL)
    protect(service, "rafakta_amne", api="SELECT", stream=_ALL)
    protect(service, "smutsig", api="SELECT", stream=_ALL)
    protect(
        service,
        "karantan",
        api="SELECT, UPDATE (lage, beslutad_av, beslut_skal, beslutad)",
        stream=_ALL,
        # A message whose kommun cannot be read must be decided about by somebody.
        own=f"(kommunkod IS NULL OR {OWN_KOMMUN})",
    )


_INKORG = """
CREATE TABLE inkorg (
    konsument text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    vyversion text NOT NULL,
    topic_id text,
    "offset" bigint,
    installation uuid,
    epok integer NOT NULL DEFAULT 0,
    pos bigint NOT NULL DEFAULT 0,
    "index" integer NOT NULL DEFAULT 0,
    lage text NOT NULL DEFAULT 'oppen',
    skal text,
    PRIMARY KEY (konsument, topic, partition),
    CONSTRAINT inkorg_lage CHECK (lage IN ('oppen', 'hoppa', 'lucka', 'stopp'))
)
"""

_STYRPOST = """
CREATE TABLE styrpost (
    konsument text NOT NULL,
    topic text NOT NULL,
    installation uuid NOT NULL,
    epok integer NOT NULL,
    pos bigint NOT NULL,
    registrerad timestamptz NOT NULL,
    kedja bytea NOT NULL,
    sista jsonb NOT NULL,
    PRIMARY KEY (konsument, topic)
)
"""

_RAFAKTA = """
CREATE TABLE rafakta (
    topic text NOT NULL,
    pos bigint NOT NULL,
    "index" integer NOT NULL,
    epok integer NOT NULL,
    kommunkod text NOT NULL,
    typ text NOT NULL,
    nyckel text NOT NULL,
    registrerad timestamptz NOT NULL,
    data jsonb NOT NULL,
    PRIMARY KEY (topic, pos, "index")
)
"""

_RAFAKTA_AMNE = """
CREATE TABLE rafakta_amne (
    kommunkod text NOT NULL,
    slag text NOT NULL,
    amne text NOT NULL,
    topic text NOT NULL,
    pos bigint NOT NULL,
    "index" integer NOT NULL,
    PRIMARY KEY (kommunkod, slag, amne, topic, pos, "index")
)
"""

_SMUTSIG = """
CREATE TABLE smutsig (
    slag text NOT NULL,
    kommunkod text NOT NULL,
    amne text NOT NULL,
    registrerad timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    forsok integer NOT NULL DEFAULT 0,
    nasta timestamptz,
    fel text,
    PRIMARY KEY (slag, kommunkod, amne)
)
"""

_KARANTAN = """
CREATE TABLE karantan (
    konsument text NOT NULL,
    vyversion text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    kommunkod text,
    nyckel text,
    epok integer,
    pos bigint,
    "index" integer,
    registrerad timestamptz,
    typ text,
    ra_nyckel bytea,
    ra bytea,
    huvuden jsonb NOT NULL,
    orsak text NOT NULL,
    lage text NOT NULL,
    inkommen timestamptz NOT NULL DEFAULT now(),
    beslutad_av text,
    beslut_skal text,
    beslutad timestamptz,
    PRIMARY KEY (konsument, vyversion, topic, partition, "offset"),
    CONSTRAINT karantan_lage CHECK (lage IN ('karantan', 'hallen', 'okand_typ', 'slappt',
                                             'kastad', 'passerad', 'tillampad'))
)
"""

_INDEXES = (
    'CREATE INDEX rafakta_amne_plats ON rafakta_amne (topic, pos, "index")',
    "CREATE INDEX smutsig_kommun_registrerad ON smutsig (kommunkod, registrerad)",
    "CREATE INDEX karantan_kommun ON karantan (kommunkod, lage)",
)
