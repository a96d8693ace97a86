"""The checks of a day: suites.py has the rules, day.py the data, judge.py the verdict, verdicts.py what follows."""
