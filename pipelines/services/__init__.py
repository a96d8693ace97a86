"""The object store and the queue: the only modules that use boto3."""
