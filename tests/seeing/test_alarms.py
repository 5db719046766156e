"""Alarm rules: each names figures that there are, sounds when it should, and is in the runbook (R9, X5)."""

import re
from pathlib import Path

import pytest
import yaml

from app.metric_table import METRICS
from app.settings_table import SETTINGS
from tests.seeing.rules import ALARMS, JOBS, ROOT, RUNBOOK, SCRAPING, find_faults, load_alarms, run_promtool

WANTED = {
    "PorchlightForbiddenSpike", "PorchlightUrgentWaiting", "PorchlightWaiting", "PorchlightDeadLetters",
    "PorchlightStaleFacts", "PorchlightUnsent", "PorchlightNoWorker", "PorchlightBacklog", "PorchlightPageUnheard",
    "PorchlightProviderCopies", "PorchlightStoreAway", "PorchlightSpool",
}  # fmt: skip

_FAILURES, _WEBHOOKS = "porchlight_failures_total", "porchlight_webhooks_total"
_JOB = 'job="porchlight-worker"'
_WELL = (("porchlight_workers", "2x200"), ("porchlight_partitions", "16x200"))

# Alarm: series under which it sounds at the 150th minute, and a nearby one under which it does not. A value
# "0x30 1x170" stands for half an hour of 0 and then 1, a minute apart.
CASES: dict[str, tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]] = {
    "PorchlightUrgentWaiting": ((('porchlight_longest_wait_seconds{level="imminent"}', "61x200"),),
                                (('porchlight_longest_wait_seconds{level="high"}', "60x200"),)),
    "PorchlightWaiting": ((('porchlight_longest_wait_seconds{level="none"}', "61x200"),),
                          (('porchlight_longest_wait_seconds{level="concern"}', "60x200"),)),
    "PorchlightPageUnheard": (((f'{_FAILURES}{{kind="page_unheard"}}', "0x145 1x60"),),
                              ((f'{_FAILURES}{{kind="page_climbed"}}', "0x145 1x60"),)),
    "PorchlightNoWorker": ((("porchlight_workers", "1x200"), ("porchlight_partitions", "15x200")), _WELL),
    "PorchlightDown": (((f"up{{{_JOB}}}", "0x200"),), ((f"up{{{_JOB}}}", "1x200"),)),
    "PorchlightCertificate": ((('porchlight_certificate_seconds{kind="public"}', "604000x200"),),
                              (('porchlight_certificate_seconds{kind="public"}', "605000x200"),)),
    "PorchlightNotReady": ((('porchlight_fault{kind="stalled"}', "1x200"),),
                           (('porchlight_fault{kind="stalled"}', "0x200"),)),
    "PorchlightStoreAway": (((f'{_WEBHOOKS}{{channel="sms",outcome="store_away"}}', "0x147 1x60"),),
                            ((f'{_WEBHOOKS}{{channel="sms",outcome="store_away"}}', "1x200"),)),
    "PorchlightSpool": ((("porchlight_spool_oldest_seconds", "31x200"),),
                        (("porchlight_spool_oldest_seconds", "30x200"),)),
    "PorchlightBacklog": ((('porchlight_queue_oldest_seconds{queue="inbox"}', "31x200"),),
                          (('porchlight_queue_oldest_seconds{queue="inbox"}', "30x200"),)),
    "PorchlightBacklogGrows": ((('porchlight_queue_entries{queue="outbox"}', "0+10x200"),),
                               (('porchlight_queue_entries{queue="outbox"}', "500x200"),)),
    "PorchlightDeadLetters": ((("porchlight_dead_letters", "1x200"),), (("porchlight_dead_letters", "0x200"),)),
    "PorchlightUnsent": ((("porchlight_unsent", "1x200"),), (("porchlight_unsent", "0x200"),)),
    "PorchlightSendsFail": ((('porchlight_sends_total{channel="sms",outcome="refused"}', "0+1x200"),
                             ('porchlight_sends_total{channel="sms",outcome="taken"}', "0+5x200")),
                            (('porchlight_sends_total{channel="sms",outcome="refused"}', "0+1x200"),
                             ('porchlight_sends_total{channel="sms",outcome="taken"}', "0+50x200"))),
    "PorchlightForbiddenSpike": (((f'{_WEBHOOKS}{{channel="sms",outcome="forbidden"}}', "0+5x200"),),
                                 ((f'{_WEBHOOKS}{{channel="sms",outcome="forbidden"}}', "0+1x200"),)),
    "PorchlightChannelShut": (((f'{_WEBHOOKS}{{channel="sms",outcome="forbidden"}}', "0+1x200"),
                               (f'{_WEBHOOKS}{{channel="sms",outcome="message"}}', "9x200")),
                              ((f'{_WEBHOOKS}{{channel="sms",outcome="forbidden"}}', "0+1x200"),
                               (f'{_WEBHOOKS}{{channel="sms",outcome="message"}}', "0+1x200"))),
    "PorchlightScreeningFails": (((f'{_FAILURES}{{kind="screening_failed"}}', "0x145 1x60"),),
                                 ((f'{_FAILURES}{{kind="screening_failed"}}', "1x200"),)),
    "PorchlightRulesAlone": (((f'{_FAILURES}{{kind="learned_missing"}}', "1x200"),),
                             ((f'{_FAILURES}{{kind="learned_missing"}}', "0x200"),)),
    "PorchlightDialogueFails": ((('porchlight_dialogue_seconds_count{outcome="failed"}', "0+3x200"),
                                 ('porchlight_dialogue_seconds_count{outcome="answered"}', "0+9x200")),
                                (('porchlight_dialogue_seconds_count{outcome="failed"}', "0+3x200"),
                                 ('porchlight_dialogue_seconds_count{outcome="answered"}', "0+30x200"))),
    "PorchlightSlowReplies": ((('porchlight_turn_seconds_bucket{le="3"}', "0+9x200"),
                               ('porchlight_turn_seconds_bucket{le="5"}', "0+10x200"),
                               ('porchlight_turn_seconds_bucket{le="+Inf"}', "0+10x200")),
                              (('porchlight_turn_seconds_bucket{le="3"}', "0+10x200"),
                               ('porchlight_turn_seconds_bucket{le="+Inf"}', "0+10x200"))),
    "PorchlightStaleFacts": ((('porchlight_facts{kind="line",age="past_90_days"}', "1x200"),),
                             (('porchlight_facts{kind="line",age="fresh"}', "1x200"),)),
    "PorchlightHiddenFacts": ((('porchlight_facts{kind="place",age="past_180_days"}', "1x200"),),
                              (('porchlight_facts{kind="place",age="past_90_days"}', "1x200"),)),
    "PorchlightProviderCopies": ((('porchlight_overdue_erasures{channel="sms"}', "1x200"),
                                  ('porchlight_provider_copies{channel="sms"}', "0x200")),
                                 (('porchlight_overdue_erasures{channel="sms"}', "0x200"),
                                  ('porchlight_provider_copies{channel="sms"}', "0x100 1x3 0x90"))),
    "PorchlightTextLeft": (((f'{_FAILURES}{{kind="text_left"}}', "0x100 1x100"),),
                           ((f'{_FAILURES}{{kind="text_left"}}', "1x200"),)),
    "PorchlightTextLate": (((f'{_FAILURES}{{kind="text_late"}}', "0x145 1x60"),),
                           ((f'{_FAILURES}{{kind="text_late"}}', "1x200"),)),
    "PorchlightEraseFails": (((f'{_FAILURES}{{kind="erase_failed"}}', "0+1x200"),),
                             ((f'{_FAILURES}{{kind="erase_failed"}}', "1x200"),)),
    "PorchlightContentRefused": (((f'{_FAILURES}{{kind="content_refused"}}', "0x145 1x60"),),
                                 ((f'{_FAILURES}{{kind="keys_lost"}}', "0x145 1x60"),)),
    "PorchlightKeysLost": (((f'{_FAILURES}{{kind="keys_lost"}}', "0x130 1x60"),),
                           ((f'{_FAILURES}{{kind="keys_lost"}}', "0x200"),)),
    "PorchlightCannotRestart": (((f'{_FAILURES}{{kind="restart_put_off"}}', "0x145 1x60"),),
                                ((f'{_FAILURES}{{kind="restart_put_off"}}', "0x200"),)),
    "PorchlightCrashed": (((f'{_FAILURES}{{kind="crashed"}}', "0x145 1x60"),),
                          ((f'{_FAILURES}{{kind="crashed"}}', "0x200"),)),
    "PorchlightContentDiffers": (((f'porchlight_build_info{{{_JOB},content="a"}}', "1x200"),
                                  (f'porchlight_build_info{{{_JOB},content="b"}}', "1x200")),
                                 ((f'porchlight_build_info{{{_JOB},content="a"}}', "1x200"),)),
    "PorchlightMemory": (((f"process_resident_memory_bytes{{{_JOB}}}", "2000000000x200"),),
                         ((f"process_resident_memory_bytes{{{_JOB}}}", "200000000x200"),)),
}  # fmt: skip

# What is so from a program's start is no rise from anything, and no worker may mean that nothing is shown at all.
FROM_THE_START = (
    ({"porchlight_unsent": "0x200"}, [("PorchlightNoWorker", 1)]),
    ({'porchlight_spooled_total{kind="spool_missing"}': "1x200"}, [("PorchlightSpool", 1)]),
    ({'porchlight_spooled_total{kind="spool_broken"}': "_x140 1x60"}, [("PorchlightSpool", 1)]),
    ({'porchlight_spooled_total{kind="spool_broken"}': "1x200"}, [("PorchlightSpool", 0)]),
)
_KINDS = re.compile(r'porchlight_failures_total\{kind=~?"([^"]*)"')

ALL = load_alarms()


@pytest.mark.parametrize("alarm", ALL, ids=lambda alarm: alarm["alert"])
def test_an_alarm_names_figures_labels_and_values_that_the_programs_show(alarm):
    assert not find_faults(alarm["expr"])


@pytest.mark.parametrize("alarm", ALL, ids=lambda alarm: alarm["alert"])
def test_an_alarm_says_how_urgent_it_is_and_where_the_runbook_says_what_to_do(alarm):
    assert alarm["labels"] in ({"severity": "page"}, {"severity": "ticket"})
    assert alarm["annotations"]["runbook"] == f"docs/runbook.md#{alarm['alert'].lower()}"
    rows = [line for line in RUNBOOK.read_text("utf-8").splitlines() if f'<a id="{alarm["alert"].lower()}">' in line]
    assert len(rows) == 1
    cells = [cell.strip() for cell in rows[0].strip("|").split("|")]
    assert f"`{alarm['alert']}`" in cells[0]
    assert all(len(cell) > 10 for cell in cells)
    assert len(cells) == 3


def test_the_runbook_has_no_alarm_that_there_is_not():
    named = set(re.findall(r"`(Porchlight[A-Za-z]+)`", RUNBOOK.read_text("utf-8")))
    assert named == {alarm["alert"] for alarm in ALL}
    assert len(ALL) == len(named)


def test_everything_that_must_be_heard_has_an_alarm():
    """The list of the requirements (X5, R9, D3, H3, P5)."""
    assert {alarm["alert"] for alarm in ALL} >= WANTED
    assert {alarm["alert"] for alarm in ALL} == set(CASES)


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("max(porchlight_nothing) > 0", "no figure porchlight_nothing"),
        ('max(porchlight_unsent{texter="1"}) > 0', 'porchlight_unsent has no label in texter="1"'),
        ('porchlight_fault{kind="storm"} > 0', "porchlight_fault: kind never says storm"),
        ('porchlight_open{kind=~"held|burnt"}', "porchlight_open: kind never says held|burnt"),
        ("sum by (conversation) (porchlight_unsent) > 0", "nothing has a label conversation"),
        ("sum(porchlight_unsent > 0", "brackets do not close"),
    ],
)  # fmt: skip
def test_an_expression_about_nothing_is_found_out(expression, fault):
    """What the check of names can see by itself, where there is no promtool."""
    assert fault in find_faults(expression)


def test_what_an_alarm_counts_is_nowhere_only_written_down():
    """The webhooks once wrote that a key file was lost, and counted nothing: nobody would have been called."""
    counted = {kind for alarm in ALL for kinds in _KINDS.findall(alarm["expr"]) for kind in kinds.split("|")}
    assert counted >= {"keys_lost", "restart_put_off", "page_unheard", "screening_failed"}
    written = {
        (path.name, event)
        for folder in ("app", "console", "storage")
        for path in (ROOT / folder).rglob("*.py")
        for event in re.findall(r"\blog\.note\(\s*\"(\w+)\"", path.read_text("utf-8"))
    }
    assert not [one for one in written if one[1] in counted]


def test_every_program_is_scraped_at_its_private_port_under_its_name():
    jobs = {
        job["job_name"]: job["static_configs"][0]["targets"]
        for job in yaml.safe_load(SCRAPING.read_text())["scrape_configs"]
    }
    ports = ("webhooks_metrics_bind", "worker_bind", "console_metrics_bind")
    assert jobs == {job: [SETTINGS[port].default] for job, port in zip(JOBS, ports, strict=True)}
    # The read API is off by default: scraped unasked, it would be a program that does not answer.
    shown = {f"porchlight-{program}" for metric in METRICS for program in metric.programs}
    assert shown == {*JOBS, "porchlight-read_api"}
    assert f'"{SETTINGS["read_api_metrics_bind"].default}"' in SCRAPING.read_text()


def _metric(series: str) -> str:
    return series.partition("{")[0]


def _put_together() -> list[tuple[dict[str, str], list[tuple[str, int]]]]:
    """Cases that speak of different figures share a run: series, and which alarms are to sound (1) or not (0)."""
    runs: list[tuple[dict[str, str], list[tuple[str, int]]]] = []
    for alarm, (sounding, quiet) in CASES.items():
        for series, sounds in ((sounding, 1), (quiet, 0)):
            mine = {_metric(name) for name, _ in series}
            run = next((run for run in runs if mine.isdisjoint(map(_metric, run[0]))), None)
            if run is None:
                run = ({}, [])
                runs.append(run)
            run[0].update(series)
            run[1].append((alarm, sounds))
    return runs


def _write_tests(folder: Path) -> Path:
    """Each case for Prometheus' own tester: does the alarm sound at the 150th minute."""
    tests = []
    for given, asked in [*_put_together(), *FROM_THE_START]:
        queries = [
            {
                "expr": f'count(ALERTS{{alertname="{alarm}",alertstate="firing"}}) > bool 0 or vector(0)',
                "eval_time": "150m",
                "exp_samples": [{"labels": "{}", "value": sounds}],
            }
            for alarm, sounds in asked
        ]
        series = [{"series": name, "values": values} for name, values in given.items()]
        tests.append({"interval": "1m", "input_series": series, "promql_expr_test": queries})
    path = folder / "cases.yml"
    path.write_text(yaml.safe_dump({"rule_files": [str(ALARMS)], "evaluation_interval": "5m", "tests": tests}))
    return path


def test_every_alarm_sounds_when_it_should_and_is_quiet_beside(tmp_path):
    """Prometheus' own reader and tester: syntax, and each case above."""
    run_promtool("check", "config", str(SCRAPING))
    run_promtool("test", "rules", str(_write_tests(tmp_path)))
