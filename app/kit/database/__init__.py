"""The way to PostgreSQL: sessions, replica, failover, migrations, jobs and how rows change."""
