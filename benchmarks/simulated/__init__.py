"""What made-up days of tables are made of: words, names, sources. See benchmarks/simulated_days.py."""
