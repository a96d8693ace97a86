"""Profiles in use: proposed, activated, pinned by plans, and part of the cache key of those batches alone."""

import json
import random
from datetime import UTC, date, datetime

import pytest

from pipelines import flow
from pipelines.errors import BadInput, LostRace
from pipelines.intake.ingest import ingest
from pipelines.profiles import active as profiles
from pipelines.profiles import proposals
from pipelines.releases.plans import read_plan
from pipelines.releases.swap import read_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from tests.conftest import now

pytestmark = [pytest.mark.services, pytest.mark.usefixtures("few_rules")]

DAY = date(2026, 3, 2)
THEN = datetime(2026, 3, 8, 2, tzinfo=UTC)
APPEAL = (
    "Our newsroom has no owner but its readers, so please give what you can to keep the lights of the press room on."
)
WORDS = [
    *("harbour", "council", "winter", "bridge", "ferry", "teacher", "market", "river"),
    *("budget", "station", "garden", "museum", "engine", "orchard", "valley", "lantern"),
    *("signal", "window", "copper", "meadow", "committee", "doctor", "theatre", "island"),
    *("canal", "library", "granite", "forest", "letter", "summer"),
]


def sentence(chance: random.Random) -> str:
    words = [chance.choice(WORDS) for _ in range(chance.randint(9, 16))]
    return f"The {' '.join(words[:5])} of the {' '.join(words[5:])} was discussed on Monday."


def page(number: int) -> str:
    """An article of its own between an appeal and a box that every page of the paper has."""
    chance = random.Random(number)
    story = [" ".join(sentence(chance) for _ in range(4)) for _ in range(5)]
    body = "".join(f"<p>{paragraph}</p>" for paragraph in (*story[:3], APPEAL, *story[3:]))
    headline = f"The {' '.join(chance.sample(WORDS, 5))}"
    return f"""<html><head><title>{headline}</title></head><body><div class="nav"><a href="/">Home</a></div>
<div class="c1"><h1>{headline}</h1><div class="c2">{body}</div></div>
<div class="foot">All rights reserved.</div></body></html>"""


def land(store: Store, queue: Queue, source: str, numbers: range) -> None:
    for number in numbers:
        data = {"url": f"https://{source}/{number}", "html": page(number)}
        envelope = {"specversion": "1.0", "id": f"{source}{number}", "source": f"https://{source}", "type": "t"}
        queue.send(json.dumps(envelope | {"dt": str(DAY), "data": data}), dt=str(DAY))
    ingest(store, [queue], now)


def texts(store: Store) -> list[str]:
    head, _ = read_head(store, str(DAY))
    assert head is not None
    texts: list[str] = store.read_tables(head.list_keys("articles"), ["text"])["text"].to_pylist()
    return texts


def propose(store: Store) -> list[profiles.Proposal]:
    return proposals.propose(store, proposals.list_landed_batches(store, DAY, 1))


@pytest.fixture
def paper(store: Store, queue: Queue) -> Store:
    """A store with enough pages of one paper to learn from."""
    land(store, queue, "paper.example", range(24))
    return store


def test_learning_proposes_and_leaves_what_is_in_use_alone(paper: Store) -> None:
    (proposal,) = propose(paper)
    assert (proposal.source, proposal.refusal) == ("paper.example", None)
    assert proposal.batches == tuple(sorted(proposals.list_landed_batches(paper, DAY, 1)))
    assert profiles.read_active_versions(paper) == {}


def test_the_same_batches_give_the_same_proposal(paper: Store) -> None:
    assert propose(paper) == propose(paper)
    assert len(profiles.list_proposals(paper, "paper.example")) == 1


def test_a_source_with_few_pages_is_proposed_but_refused(store: Store, queue: Queue) -> None:
    land(store, queue, "paper.example", range(3))
    (proposal,) = propose(store)
    assert proposal.refusal is not None
    with pytest.raises(BadInput, match="was refused"):
        profiles.activate(store, "paper.example", proposal.version, THEN)
    profiles.activate(store, "paper.example", proposal.version, THEN, refused=True)
    assert profiles.read_active_versions(store) == {"paper.example": proposal.version}


def test_only_what_was_proposed_can_be_activated(paper: Store) -> None:
    with pytest.raises(BadInput, match="no proposed profile"):
        profiles.activate(paper, "paper.example", "0" * 16, THEN)


def test_an_activation_records_its_figures_and_what_was_in_use_before(paper: Store) -> None:
    (proposal,) = propose(paper)
    profiles.activate(paper, "paper.example", proposal.version, THEN)
    found = profiles.read_active_profile(paper, "paper.example")
    assert found is not None
    assert (found.version, found.figures, found.activated_at) == (proposal.version, proposal.figures, THEN)
    assert profiles.deactivate(paper, "paper.example", THEN).before == proposal.version
    assert profiles.read_active_versions(paper) == {}


def test_of_two_activations_at_once_one_is_told_that_it_lost(paper: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    (proposal,) = propose(paper)
    profiles.activate(paper, "paper.example", proposal.version, THEN)
    before = paper.get_with_etag("profiles/paper.example/active.json")
    profiles.deactivate(paper, "paper.example", THEN)
    monkeypatch.setattr(Store, "get_with_etag", lambda _store, _key: before)
    with pytest.raises(LostRace):
        profiles.deactivate(paper, "paper.example", THEN)


@pytest.mark.slow
def test_a_day_is_read_with_the_profiles_in_use_when_it_is_planned(paper: Store) -> None:
    flow.run_day(paper, DAY, now())
    assert any(APPEAL in text for text in texts(paper))  # one page alone cannot know
    (proposal,) = propose(paper)
    profiles.activate(paper, "paper.example", proposal.version, THEN)
    release = flow.run_day(paper, DAY, now())
    assert read_plan(paper, str(DAY), release).pinned == {"paper.example": proposal.version}
    assert not any(APPEAL in text for text in texts(paper))
    assert len(texts(paper)) == 24


@pytest.mark.slow
def test_a_new_profile_changes_the_cache_of_the_batches_with_its_source_alone(store: Store, queue: Queue) -> None:
    land(store, queue, "paper.example", range(24))
    land(store, queue, "other.example", range(100, 103))
    flow.run_day(store, DAY, now())
    before = {entry.key: entry.etag for entry in store.list_objects("clean/") if entry.key.endswith(".parquet")}
    proposal = next(p for p in propose(store) if p.source == "paper.example")
    profiles.activate(store, "paper.example", proposal.version, THEN)
    release = flow.run_day(store, DAY, now())
    after = {entry.key for entry in store.list_objects("clean/") if entry.key.endswith(".parquet")}
    assert len(before) == 2
    assert [key.split("/")[1] for key in after - before.keys()] == list(read_plan(store, str(DAY), release).profiles)
    assert len(after) == 3


def test_a_source_whose_record_cannot_be_read_is_read_without_a_profile_until_it_is_mended(paper: Store) -> None:
    (proposal,) = propose(paper)
    paper.put("profiles/other.example/active.json", b"{broken")
    profiles.activate(paper, "paper.example", proposal.version, THEN)
    assert profiles.read_active_versions(paper) == {"paper.example": proposal.version}
    profiles.deactivate(paper, "other.example", THEN)
    found = profiles.read_active_profile(paper, "other.example")
    assert found is not None
    assert found.version is None


@pytest.mark.slow
@pytest.mark.parametrize("harm", ["broken", "gone"])
def test_a_day_is_published_without_a_profile_that_cannot_be_read(paper: Store, harm: str) -> None:
    (proposal,) = propose(paper)
    profiles.activate(paper, "paper.example", proposal.version, THEN)
    key = f"profiles/paper.example/{proposal.version}.json"
    if harm == "gone":
        paper.delete([key])
    else:
        paper.put(key, b"{broken")
    release = flow.run_day(paper, DAY, now())
    assert read_plan(paper, str(DAY), release).pinned == {}
    assert len(texts(paper)) == 24


def test_a_profile_that_cannot_be_read_back_is_refused(paper: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.cleaning.profiles.profile.MAX_BYTES", 100)
    (proposal,) = propose(paper)
    assert proposal.refusal == "cannot be read back: more than 100 bytes"
    with pytest.raises(BadInput, match="cannot be read"):
        profiles.activate(paper, "paper.example", proposal.version, THEN, refused=True)


def test_what_was_learnt_is_told_with_examples(paper: Store) -> None:
    (proposal,) = propose(paper)
    told = profiles.describe_source(paper, "paper.example")
    assert "no profile is active" in told
    assert f"proposed {proposal.version}: may be used" in told
    assert "100% our newsroom has no owner but its readers" in told
    assert "div.c0 > p" in told  # where the body stands, digits as 0
    profiles.activate(paper, "paper.example", proposal.version, THEN)
    assert f"profile {proposal.version} is active" in profiles.describe_source(paper, "paper.example")


def test_a_source_that_nobody_learnt_of_is_said_to_be_so(store: Store) -> None:
    with pytest.raises(BadInput, match="nothing has been learnt"):
        profiles.describe_source(store, "nobody.example")


def test_a_proposal_that_cannot_be_read_hides_no_other(paper: Store) -> None:
    (proposal,) = propose(paper)
    paper.put("profiles/paper.example/proposals/broken.json", b"{")
    assert profiles.list_proposals(paper, "paper.example") == [proposal]


def test_a_source_whose_profile_is_gone_can_still_be_described_and_turned_off(paper: Store) -> None:
    (proposal,) = propose(paper)
    profiles.activate(paper, "paper.example", proposal.version, THEN)
    paper.delete([f"profiles/paper.example/{proposal.version}.json"])
    profiles.deactivate(paper, "paper.example", THEN)
    assert "cannot be shown" in profiles.describe_source(paper, "paper.example")
