"""All code that uses both Airflow and the library."""
