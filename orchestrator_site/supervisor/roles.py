"""Two database roles: the owner migrates, the app runs and can't change the shape of anything (design, promise 1)."""

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

SUPERUSER = "commandpost_superuser"
OWNER = "commandpost_owner"
APP = "commandpost"
DATABASE = "commandpost"


def roles_ensure(superuser_url: str, *, owner_url: str, app_url: str) -> None:
    """Make both roles, or give them the passwords of these addresses, and the database if there is none."""
    owner, app = conninfo_to_dict(owner_url), conninfo_to_dict(app_url)
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for parts in (owner, app):
            role_ensure(connection, name=str(parts["user"]), password=str(parts["password"]))
        database_ensure(connection, name=str(app["dbname"]), owner=str(owner["user"]), app=str(app["user"]))


def role_ensure(connection: psycopg.Connection, *, name: str, password: str) -> None:
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    statement = sql.SQL(
        "{verb} ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {password}"
    )
    verb = sql.SQL("ALTER" if exists else "CREATE")
    connection.execute(statement.format(verb=verb, name=sql.Identifier(name), password=sql.Literal(password)))


def database_ensure(
    connection: psycopg.Connection, *, name: str, owner: str, app: str, template: str = "template1"
) -> None:
    """Make the database if there is none; whoever is not named here may not even connect to it."""
    names = {"name": sql.Identifier(name), "owner": sql.Identifier(owner), "app": sql.Identifier(app)}
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        create = sql.SQL("CREATE DATABASE {name} OWNER {owner} TEMPLATE {template}")
        connection.execute(create.format(**names, template=sql.Identifier(template)))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {name} FROM PUBLIC").format(**names))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {name} TO {app}").format(**names))
