"""The pages themselves: pure functions from data to HTML."""
