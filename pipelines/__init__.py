"""The library: news articles in, daily Parquet tables out. Start reading at flow.py."""
