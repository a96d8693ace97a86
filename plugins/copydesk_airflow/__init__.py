"""Everything that knows both Airflow and the library."""
