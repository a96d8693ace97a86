"""What people look at: a page for each try of a release, and pages of trends. Pure: data in, HTML out.

Each page stands by itself: no script, no request, one inline style that the page's policy names by its hash. Whatever
came from outside goes through `legible` and is then escaped.
"""
