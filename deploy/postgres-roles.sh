#!/usr/bin/env bash
# Runs once, when the database folder is empty: one role owns and migrates the tables, the other only works with rows.
set -euo pipefail

: "${MEDIATION_OWNER_PASSWORD:?is not set}" "${MEDIATION_APP_PASSWORD:?is not set}"

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner_password="$MEDIATION_OWNER_PASSWORD" --set app_password="$MEDIATION_APP_PASSWORD" <<'SQL'
create role mediation_owner login password :'owner_password' nosuperuser nocreatedb nocreaterole;
create role mediation_app login password :'app_password' nosuperuser nocreatedb nocreaterole;

create database mediation owner mediation_owner encoding 'UTF8' template template0;
revoke all on database mediation from public;
grant connect on database mediation to mediation_app;

\connect mediation
revoke all on schema public from public;
alter schema public owner to mediation_owner;
grant usage on schema public to mediation_app;
SQL
