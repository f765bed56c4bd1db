"""The dashboard and the alerts ask for figures that exist, and point to sections that exist."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from conference.data_dir import ROOT

DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana/koprue.json").read_text())
RULES: list[dict[str, Any]] = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())["groups"][
    0
]["rules"]
_TABLE = (ROOT / "docs/monitoring.md").read_text().partition("## Metrics")[2].partition("## Logs")[0]
DOCUMENTED = set(re.findall(r"`(koprue_\w+)`", _TABLE))


def expressions() -> list[str]:
    targets = [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", [])]
    return [*targets, *(rule["expr"] for rule in RULES)]


def base_name(name: str) -> str:
    """A histogram is asked for by its parts."""
    return re.sub(r"_(bucket|sum|count)$", "", name)


def test_every_figure_that_is_asked_for_is_one_we_have() -> None:
    asked = {base_name(name) for text in expressions() for name in re.findall(r"koprue_\w+", text)}

    assert asked - DOCUMENTED == set()


def test_every_figure_we_have_is_on_the_dashboard() -> None:
    shown = {base_name(name) for text in expressions() for name in re.findall(r"koprue_\w+", text)}

    assert DOCUMENTED - shown == set()


def test_every_expression_closes_what_it_opens() -> None:
    pairs = ["()", "{}", "[]"]

    assert [text for text in expressions() for a, b in pairs if text.count(a) != text.count(b)] == []


def test_panels_have_numbers_and_places_of_their_own() -> None:
    panels = DASHBOARD["panels"]
    corners = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}

    assert len({panel["id"] for panel in panels}) == len(panels) == len(corners)
    assert [panel["title"] for panel in panels if panel["gridPos"]["x"] + panel["gridPos"]["w"] > 24] == []


def test_an_alert_says_what_is_wrong_and_which_section_of_the_runbook_helps() -> None:
    headings = re.findall(r"^#+ (.+)$", (ROOT / "docs/operations.md").read_text(), re.MULTILINE)
    anchors = {f"docs/operations.md#{heading.lower().replace(' ', '-')}" for heading in headings}

    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    assert [rule["alert"] for rule in RULES if not rule["annotations"]["summary"]] == []
    assert [rule["alert"] for rule in RULES if rule["annotations"]["runbook"] not in anchors] == []


def test_the_example_asks_where_the_figures_are() -> None:
    example = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    job = example["scrape_configs"][0]

    assert (job["job_name"], job["metrics_path"], job["authorization"]["type"]) == (
        "koprue",
        "/metrics",
        "Bearer",
    )
    assert [Path(name).name for name in example["rule_files"]] == ["alerts.yml"]
