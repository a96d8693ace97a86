"""Write pipelines/enrichments/tone_terms/en.tsv from the lexicon of vaderSentiment 3.3.2 (MIT).

    python -m training.tone vader_lexicon.txt

A line of it is a term, the mean and the deviation of ten people's ratings from -4 to 4, and the ratings. What stays is
the mean of each word written in lower-case letters, hyphens and apostrophes: news has no emoticons and little slang,
and abbreviations of two letters or fewer mean other things in it. NEUTRAL words are left out.
"""

import re
import sys
from pathlib import Path

OUT = Path(__file__).parent.parent / "pipelines" / "enrichments" / "tone_terms" / "en.tsv"
WORD = re.compile(r"[a-z]{3,}(?:['-][a-z]+)*")

# Words of trade, offices, games and grammar that carry no judgement in news; chosen by reading the lexicon.
_NEUTRAL = """
active admit admits admitted asset assets award band benefit benefits care cared
challenge challenged challenges challenging champ charge charged charges chance chances competitive cut cuts
cutting credit credits defence defences defense defenses demand demanded demanding demands demonstration dominate
dominates ease energy fees feeling feelings fire fires gains gained gain grant granted grants gross gun interest
interests interested intellectual join joins joining kind leave leaves legal lengthy like liked likes liking lobby
long low lower lowest matter matters mandatory natural numbers number opportunities opportunity party parties play
played player players playing plays please pressure pressured prosecute prosecuted prosecutes prosecution protest
protested protesters protests reach reached reaches reaching ready resolve resolved resolving retire
security share shared shares sharing sing solid solution solutions special spirit stop stopped
stopping stops straight super support supported supporter supporters supporting supports treasury treat united
unites uniting value values want wanted wants well yeah yes yep top
"""
NEUTRAL = frozenset(_NEUTRAL.split())


def derive(lexicon: str) -> str:
    """Write a line a word: the word, a tab, its mean rating."""
    rows = (line.split("\t")[:2] for line in lexicon.splitlines() if "\t" in line)
    kept = {word: mean for word, mean in rows if WORD.fullmatch(word) and word not in NEUTRAL and float(mean)}
    return "".join(f"{word}\t{mean}\n" for word, mean in sorted(kept.items()))


if __name__ == "__main__":
    OUT.write_text(derive(Path(sys.argv[1]).read_text("utf-8")), "utf-8")
