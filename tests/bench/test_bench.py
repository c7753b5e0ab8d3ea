"""The benchmarks work: every workload, in tiny sizes, gives figures of the agreed shape."""

import json
from pathlib import Path

import pytest

from advocate_app.sample.corpus import stream
from advocate_app.wire import columns, envelope
from bench.__main__ import WORKLOADS, main, run
from bench.events import json_line, sealed_event
from bench.measure import Figure, Setting, Target, spread
from bench.table import BEGIN, END, write_table
from bench.wire_bytes import envelope_size

KEYS = {"id", "unit", "median", "spread", "beside", "ratio", "target", "met"}


@pytest.mark.parametrize("name", WORKLOADS)
def test_each_workload_gives_figures_of_the_agreed_shape(name: str, tmp_path: Path) -> None:
    entries = run([name], setting=Setting(rounds=2, seed=7, home=tmp_path, quick=True))
    assert entries
    for entry in entries:
        assert entry.keys() >= KEYS
        assert entry["id"].split(".")[0] == name
        assert entry["median"] > 0
        assert len(entry["rounds"]) == 2
        assert (entry["ratio"] is None) == (entry["beside"] is None)
    assert not list(tmp_path.iterdir()), "nothing is left behind"


def test_a_partial_run_writes_its_file_and_leaves_the_page_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = Path(__file__).parents[2] / "docs" / "performance.md"
    before = page.read_text(encoding="utf-8")
    out = tmp_path / "out.json"
    assert main(["B4", "--quick", "--rounds", "1", "--json", str(out), "--dir", str(tmp_path)]) == 0
    results = json.loads(out.read_text(encoding="utf-8"))
    assert {"date", "command", "seed", "machine", "versions", "workloads"} <= results.keys()
    assert "| B4 |" in capsys.readouterr().out
    assert page.read_text(encoding="utf-8") == before


def test_an_unknown_workload_is_refused_by_name() -> None:
    with pytest.raises(SystemExit, match="B99"):
        main(["B99"])


def test_the_table_goes_between_its_marks_and_nowhere_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"above\n{BEGIN}\nold\n{END}\nbelow\n", encoding="utf-8")
    entry = Figure(id="B0", what="w", unit="s", product=[1, 2], beside_what="b", beside=[2, 2]).entry()
    results = {
        "command": "c", "date": "d", "seed": 1, "rounds": 2, "machine": {}, "versions": {}, "workloads": [entry],
    }  # fmt: skip
    write_table(page, results)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("above\n")
    assert text.endswith("below\n")
    assert "old" not in text
    assert "| B0 |" in text


def test_a_target_is_of_the_ratio_unless_it_is_of_the_median() -> None:
    figure = Figure(id="B0", what="w", unit="s", product=[2, 4, 6], beside_what="b", beside=[4, 4, 4])
    assert figure.ratio == 1.0
    assert Target(at_least=1.0).met(ratio=figure.ratio, median=4)
    assert not Target(at_most=0.9).met(ratio=figure.ratio, median=4)
    assert not Target(at_most=3, of_median=True).met(ratio=figure.ratio, median=4)
    assert spread([2, 4, 6]) == 0.5


def test_what_is_counted_as_an_envelope_is_what_an_envelope_weighs() -> None:
    events = stream(200, seed=3)
    size = envelope_size([events])
    packed = columns.encode([sealed_event(event) for event in events])
    assert size > len(packed) + envelope.HEADER_SIZE + envelope.SIGNATURE_SIZE
    assert size < 1.12 * len(packed) + 1000


def test_lines_of_json_say_all_that_is_sealed() -> None:
    for event in stream(300, seed=4):
        line = json.loads(json_line(event))
        assert line["type"] == event.record.name
        assert len(line["fields"]) == len(event.fields)
        assert set(line.get("over", {})) == {str(register) for register in event.over}
