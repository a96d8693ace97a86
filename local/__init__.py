"""The development stack: an object store, a queue and Airflow on this machine, and nothing else."""
