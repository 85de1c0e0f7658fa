#!/bin/sh
# Runs once, when the database is empty: the owner migrates, the app runs and can't change the shape of anything.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE commandpost_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE commandpost LOGIN PASSWORD :'app_password';
CREATE DATABASE commandpost OWNER commandpost_owner;
REVOKE ALL ON DATABASE commandpost FROM PUBLIC;
GRANT CONNECT ON DATABASE commandpost TO commandpost;
SQL
