"""Terms of topics in English: en.txt says how it is written. A package of its own, so that only topics depend on it."""
