"""The access log becomes a chain for each kommun, which only the database itself can lengthen.

What the tables promise: a kommun's records are numbered without holes, their instants rise with
the numbers, and each is bound by ``kedja`` to all before it, whoever adds them: the number, the
instant and the link are given by a trigger under the kommun's row in ``atkomsthuvud``. The API's
role can add a record's other columns, and change, remove or empty nothing. Records from before are
numbered and linked as they stand: they are bound from now on.

Whoever adds records must do so at READ COMMITTED: a frozen snapshot cannot see the newest link.

Revision ID: placering_0008
Revises: placering_0002
"""

from alembic import op

from services.chassis.migration.roles import protect

revision = "placering_0008"
down_revision = "placering_0002"
branch_labels = None
depends_on = None

_SHAPE = (
    "ALTER TABLE atkomstlogg RENAME TO atkomstlogg_gammal",
    "ALTER INDEX atkomstlogg_pkey RENAME TO atkomstlogg_gammal_pkey",
    "DROP INDEX atkomstlogg_klient",
    "DROP INDEX atkomstlogg_aktor",
    """
    CREATE TABLE atkomstlogg (
        kommunkod text NOT NULL,
        nr bigint NOT NULL,
        tid timestamptz NOT NULL,
        aktor text NOT NULL,
        klient uuid,
        vad text NOT NULL,
        varfor text,
        arbetsenhet text,
        nodlage boolean NOT NULL DEFAULT false,
        anmarkningar text[] NOT NULL DEFAULT '{}',
        urval text,
        korrelation text NOT NULL,
        kedja bytea NOT NULL,
        PRIMARY KEY (kommunkod, nr)
    )
    """,
    """
    CREATE TABLE atkomsthuvud (
        kommunkod text PRIMARY KEY,
        nr bigint NOT NULL,
        tid timestamptz NOT NULL,
        kedja bytea NOT NULL
    )
    """,
    "CREATE INDEX atkomstlogg_klient ON atkomstlogg (kommunkod, klient, nr)",
    "CREATE INDEX atkomstlogg_aktor ON atkomstlogg (kommunkod, aktor, nr)",
    "CREATE INDEX atkomstlogg_tid ON atkomstlogg (kommunkod, tid)",
    "CREATE INDEX atkomstlogg_ovanlig ON atkomstlogg (kommunkod, nr)"
    " WHERE nodlage OR anmarkningar <> '{}'",
)

_LINK = """
CREATE FUNCTION atkomstlank(forra bytea, rad atkomstlogg) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(forra || string_agg(
        CASE WHEN del IS NULL THEN int4send(-1)
        ELSE int4send(length(convert_to(del, 'UTF8'))) || convert_to(del, 'UTF8') END,
        ''::bytea ORDER BY ordning))
    FROM unnest(ARRAY[
        rad.kommunkod, rad.nr::text, (extract(epoch FROM rad.tid) * 1000000)::bigint::text,
        rad.aktor, rad.klient::text, rad.vad, rad.varfor, rad.arbetsenhet, rad.nodlage::text,
        array_to_string(rad.anmarkningar, ','), rad.urval, rad.korrelation
    ]) WITH ORDINALITY AS delar (del, ordning)
$$
"""

_TRIGGER = (
    """
    CREATE FUNCTION lanka_atkomst() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        huvud atkomsthuvud;
    BEGIN
        SELECT * INTO huvud FROM atkomsthuvud WHERE kommunkod = NEW.kommunkod FOR UPDATE;
        IF NOT FOUND THEN
            INSERT INTO atkomsthuvud VALUES
                (NEW.kommunkod, 0, '-infinity', decode(repeat('00', 32), 'hex'))
                ON CONFLICT DO NOTHING;
            SELECT * INTO STRICT huvud FROM atkomsthuvud
                WHERE kommunkod = NEW.kommunkod FOR UPDATE;
        END IF;
        NEW.nr := huvud.nr + 1;
        NEW.tid := greatest(clock_timestamp(), huvud.tid + interval '1 microsecond');
        NEW.kedja := atkomstlank(huvud.kedja, NEW);
        UPDATE atkomsthuvud SET nr = NEW.nr, tid = NEW.tid, kedja = NEW.kedja
            WHERE kommunkod = NEW.kommunkod;
        RETURN NEW;
    END
    $$
    """,
    "CREATE TRIGGER lanka BEFORE INSERT ON atkomstlogg"
    " FOR EACH ROW EXECUTE FUNCTION lanka_atkomst()",
)

_FROM_BEFORE = """
DO $$
DECLARE
    gammal record;
    rad atkomstlogg;
    forra bytea;
BEGIN
    FOR gammal IN
        SELECT *, row_number() OVER (PARTITION BY kommunkod ORDER BY lopnr) AS nr
        FROM atkomstlogg_gammal ORDER BY kommunkod, lopnr
    LOOP
        IF gammal.nr = 1 THEN
            forra := decode(repeat('00', 32), 'hex');
        END IF;
        rad := (gammal.kommunkod, gammal.nr, gammal.tid, gammal.aktor, gammal.klient, gammal.vad,
            gammal.varfor, NULL, false, '{}', NULL, gammal.korrelation, NULL);
        rad.kedja := atkomstlank(forra, rad);
        forra := rad.kedja;
        INSERT INTO atkomstlogg SELECT (rad).*;
        INSERT INTO atkomsthuvud VALUES (rad.kommunkod, rad.nr, rad.tid, rad.kedja)
            ON CONFLICT (kommunkod) DO UPDATE SET nr = excluded.nr,
            tid = greatest(atkomsthuvud.tid, excluded.tid), kedja = excluded.kedja;
    END LOOP;
END
$$
"""

_GIVEN = "kommunkod, aktor, klient, vad, varfor, arbetsenhet, nodlage, anmarkningar, urval"


def upgrade() -> None:
    """Make the chain, link what there is, and only then let the trigger do it."""
    for statement in (*_SHAPE, _LINK, _FROM_BEFORE, "DROP TABLE atkomstlogg_gammal", *_TRIGGER):
        op.execute(statement)
    protect("placering", "atkomstlogg", api=f"SELECT, INSERT ({_GIVEN}, korrelation)", stream="")
    protect("placering", "atkomsthuvud", api="SELECT", stream="")
