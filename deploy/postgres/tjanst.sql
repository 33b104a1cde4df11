-- One service's database and its three roles, idempotently. Run by psql as an administrator, with
-- the variable tjanst and the passwords in LOSENORD_AGARE, LOSENORD_API and LOSENORD_STROM (in the
-- environment, so that no list of processes shows them). Embedded mode makes the same in Python
-- (dygn/inbyggd/databaser.py); a test compares the two.
\set ON_ERROR_STOP on
\set VERBOSITY terse
\getenv losenord_agare LOSENORD_AGARE
\getenv losenord_api LOSENORD_API
\getenv losenord_strom LOSENORD_STROM
\set databas dygn_ :tjanst
\set agare dygn_ :tjanst _agare
\set api dygn_ :tjanst
\set strom dygn_ :tjanst _strom

-- One at a time on this server: two would trip over each other's roles.
SELECT pg_advisory_lock(x'6479676E'::int) \g /dev/null

SELECT format('CREATE ROLE %I', roll)
FROM unnest(ARRAY[:'agare', :'api', :'strom']) AS roll
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = roll)
\gexec

-- No role of a service is a superuser, passes by row level security, or makes roles or databases.
ALTER ROLE :"agare" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION
    PASSWORD :'losenord_agare';
ALTER ROLE :"api" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION
    PASSWORD :'losenord_api';
ALTER ROLE :"strom" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION
    PASSWORD :'losenord_strom';

SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0', :'databas', :'agare')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'databas')
\gexec

-- Row level security says nothing about connecting: shut the door as well. TEMPORARY stays, for
-- COPY goes to a temporary table where row policies bind.
REVOKE ALL ON DATABASE :"databas" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"databas" TO :"agare", :"api", :"strom";
