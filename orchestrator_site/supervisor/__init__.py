"""Everything under one parent: PostgreSQL, Redis, web, workers and sweeper, started, watched and stopped in order.

``run.Supervisor`` is ``manage.py up``. ``services.Services`` alone starts PostgreSQL and Redis; the tests use it.
Nothing in here touches Django's models: it runs before there is a database.
"""
