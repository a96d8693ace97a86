"""Which kept blocks of a page say again what others say: the article stands on it twice.

A plan of meals, a refrain or a list says the same line again and means it. A copy of the article is another matter:
its lines follow one another as they did before, or stand in an element of another name, or in one run of text.
"""

from collections.abc import Iterator, Mapping, Sequence

from pipelines.cleaning.pages.blocks import Block

REPEATED = 40  # characters from which a single line in an element of another name is a copy
PARAGRAPH = 100  # characters of a line that is more than a refrain
MOST = 0.5  # share of the text above that a run of repeated lines has to be to be a copy of it
COVERED = 0.8  # share of a run of text that other blocks have
LONG_RUN = 200  # characters of such a run
MOST_BEGUN = 20  # texts of one beginning that are looked for in a run


def find_repeats(blocks: Sequence[Block], places: Sequence[int]) -> set[int]:
    """Return those of the blocks at these places, in their order, that are copies."""
    runs = set(_find_runs_of_text(blocks, places))
    left = [place for place in places if place not in runs]
    return runs | _find_copies(blocks, left)


def _find_copies(blocks: Sequence[Block], places: Sequence[int]) -> set[int]:
    first: dict[str, int] = {}
    copies: set[int] = set()
    run: list[tuple[int, int]] = []  # number of a line, and of the one that it repeats
    above = 0
    for number, place in enumerate(places):
        block = blocks[place]
        before = first.setdefault(block.text, number)
        if before < number and run and run[-1][1] >= before:
            copies |= _judge_run(blocks, places, run, above)
            run = []
        if before < number:
            run.append((number, before))
            continue
        copies |= _judge_run(blocks, places, run, above)
        above += len(block.text) + sum(len(blocks[places[n]].text) for n, _ in run)
        run = []
    return copies | _judge_run(blocks, places, run, above)


def _judge_run(blocks: Sequence[Block], places: Sequence[int], run: Sequence[tuple[int, int]], above: int) -> set[int]:
    """Return the copies in a run of lines that all stand further up, in this order."""
    size = sum(len(blocks[places[number]].text) for number, _ in run)
    if len(run) > 2 and size >= MOST * above:
        return {places[number] for number, _ in run}
    return {places[number] for number, before in run if _is_copy(blocks[places[number]], blocks[places[before]])}


def _is_copy(block: Block, before: Block) -> bool:
    """Return whether a line that stands further up too is no refrain: they stand in elements of other names."""
    if len(block.text) < REPEATED:
        return False
    is_beside = block.nodes[:-1] == before.nodes[:-1]
    is_like = block.nodes[:-2] == before.nodes[:-2] and len(block.text) < PARAGRAPH  # in the parts of one list
    return block.path != before.path or not (is_beside or is_like)


def _find_runs_of_text(blocks: Sequence[Block], places: Sequence[int]) -> Iterator[int]:
    """Yield blocks that are made of the texts of several others, and begin as one of these."""
    begun: dict[str, list[str]] = {}  # texts by how they begin
    for text in dict.fromkeys(blocks[place].text for place in places):
        begun.setdefault(text[:REPEATED], []).append(text)
    for place in places:
        text = blocks[place].text
        if len(text) >= LONG_RUN and len(begun[text[:REPEATED]]) > 1:
            covered = [len(other) for other in _find_within(text, begun)]
            if len(covered) > 1 and sum(covered) >= COVERED * len(text):
                yield place


def _find_within(text: str, begun: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the other texts that one contains. There may be thousands, so they are found by how they begin."""
    return {
        other
        for at in range(len(text) - REPEATED + 1)
        for other in begun.get(text[at : at + REPEATED], ())[:MOST_BEGUN]
        if len(other) < len(text) and text.startswith(other, at)
    }
