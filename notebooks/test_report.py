"""The HTML report in a real browser: drawn, linked, asking nobody, safe from injection."""

import os
import shutil
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pytest
import shopsim
import yaml
from browser import Browser
from small_results import ANSWERS, ROOT, ZONE_LOSS, program


def report(*words, code=0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([program(), "report", *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("profile")) as running:
        yield running
        assert running.problems == []


@pytest.fixture(scope="module")
def page(folder, tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("report") / "report.html"
    report(folder / "zone_loss.h5", "-o", file)
    return file


def keep(browser, name):
    """SHOPSIM_KEEP_SCREENSHOTS names a folder, to look at the page oneself."""
    folder = os.environ.get("SHOPSIM_KEEP_SCREENSHOTS")
    if folder:
        browser.screenshot(Path(folder) / f"{name}.png")


def ranges(browser):
    """What every chart shows, rounded: drawing rounds to pixels."""
    return browser.value("charts.map(g => g.xAxisRange().map(x => Math.round(x / 1000)))")


def test_verdict_and_promises_come_first_and_agree_with_the_file(browser, page, zone_loss):
    browser.size(1100, 900)
    browser.open(page)
    keep(browser, "light")
    assert browser.value("document.querySelector('h1').textContent") == "zone_loss"
    assert browser.value("document.querySelector('main section').id") == "promises"
    shown = browser.value("[...document.querySelectorAll('#promise-table tbody tr')]"
                          ".map(r => [r.cells[0].textContent, r.cells[1].textContent])")
    promises = zone_loss.promises()
    assert shown == [list(row) for row in zip(promises["name"], promises["verdict"], strict=True)]
    assert browser.value("document.querySelector('.verdict').textContent") == "missed"
    total = browser.value("document.querySelector('tr.total').cells[4].textContent")
    cost = zone_loss.month_cost()  # from the totals of the replications, as the terminal prints
    assert total == f"{cost.mean:,.2f} USD ± {cost.half_width:,.2f}"
    # Beside the bill: orders lost, as many months as the run's 20 minutes go into 730 hours.
    lost = zone_loss.orders()["value_lost_usd"].sum() / zone_loss.replications * 730 * 3
    assert lost > 0
    shown = browser.value("document.querySelector('tr.total + tr').cells[4].textContent")
    assert shown == f"{lost:,.2f} USD"


def test_the_first_screen_says_which_shop_which_time_and_what_it_cost(browser, page, zone_loss):
    browser.open(page)
    setting = browser.value("document.querySelector('#head .setting').textContent")
    # Black Friday; the run is a window cut out of it.
    assert setting.startswith("Simulated: 20 minutes from Fri 2026-11-27 12:05 to 12:25, not a "
                              "whole day. The shop: ")
    web, database = zone_loss.platform["web"], zone_loss.platform["database"]
    scaling = web["scaling"]
    assert (f"{scaling['desired']} web servers {web['instance_type']} ({scaling['minimum']} to "
            f"{scaling['maximum']}); database {database['instance_class']}") in setting
    money = browser.value("document.querySelector('#head .money').textContent")
    orders = zone_loss.orders()[["placed", "lost", "value_lost_usd"]].sum() / 5
    assert money.startswith(f"These 20 minutes cost {zone_loss.cost()['run_usd'].sum():,.2f} USD "
                            "and lost ")
    assert f"of {orders['placed'] + orders['lost']:,.0f} orders" in money
    assert f"worth {orders['value_lost_usd']:,.0f} USD; 730 hours as busy as this would cost " \
           f"{zone_loss.month_cost().mean:,.0f} USD." in money
    bill = browser.value("document.getElementById('bill-table').textContent")
    assert "730 hours as busy as this" in bill
    assert "A month is 730 hours like these 20 minutes" in bill


def test_why_has_the_numbers_of_the_bottleneck(browser, folder, tmp_path):
    edited = tmp_path / "edited.h5"
    shutil.copy(folder / "zone_loss.h5", edited)
    with h5py.File(edited, "r+") as file:
        row = next(i for i, v in enumerate(file["slo"]["verdict"]) if v != b"met")
        put(file, "slo", row, {"bottleneck": "web CPU", "bottleneck_utilisation": 0.98,
                               "bottleneck_queue_length": 216, "bottleneck_share": 0.94})
        # Two servers that the balancer failed in the first replication, one in the second.
        cause = "instance 0 failed its balancer health checks and is replaced"
        table = file["scaling_activities"]
        kinds = [(n, h5py.string_dtype("utf-8", 80) if kind.kind == "S" else kind)
                 for n, (kind, _) in table.dtype.fields.items()]
        rows = [(r, t, "web", "terminating instance 0 in zone a", cause, "InProgress")
                for r, t in ((0, 120), (0, 300), (1, 60))]
        del file["scaling_activities"]
        file["scaling_activities"] = np.array(rows, dtype=kinds)
    report(edited, "-o", tmp_path / "edited.html")
    browser.open(tmp_path / "edited.html")
    why = browser.value("document.getElementById('why').textContent")
    assert ("web CPU was 98 % used with 216 waiting in 94 % of the minutes around the worst "
            "window") in why
    assert ("the balancer's health checks failed 2 servers, first at 12:07: fewer were "
            "left until others took their place. It happened in 2 of 5 replications.") in why
    assert browser.value("document.getElementById('marks').textContent").startswith(
        "Marks of the first replication: ")


def test_charts_say_what_they_show(browser, page):
    browser.open(page)
    shows, limit = browser.value("[first.explains.shows, first.explains.limit]")
    text = browser.value("document.getElementById('explains').textContent")
    assert f"{shows}: mean (line) and range (band) over 5 replications" in text
    assert limit is not None
    drawn = browser.value("""(() => {
        const prototype = CanvasRenderingContext2D.prototype, original = prototype.fillText;
        const texts = [];
        prototype.fillText = (text) => texts.push(text);
        charts[0].updateOptions({});
        prototype.fillText = original;
        return texts;
    })()""")
    assert len(drawn) == 1
    assert drawn[0] == "limit " + browser.value("units[first.explains.unit](first.explains.limit)")
    titles = browser.value("[...document.querySelectorAll('#charts h3')].map(h => h.textContent)")
    assert "Pages asked for" in titles
    assert "Orders in each minute" in titles
    axes = browser.value("[...document.querySelectorAll('#distribution .dygraph-label')]"
                         ".map(l => l.textContent)")
    assert axes == ["latency of a request", "requests that took longer"]
    # 64 bins for each factor of 2: the widest is 1/64 of its lower end.
    hint = browser.value("document.getElementById('bucket').textContent")
    assert f"at most {100 / 64:.1f} % wide" in hint


def test_times_are_rounded_and_paired_as_in_the_terminal(browser, page):
    browser.open(page)
    assert browser.value("timeText(123)") == "2.0 min"  # 2.05 in binary is a little less
    assert browser.value("timeRangeText(2.2, 2.55)") == "2.20 s to 2.55 s"
    assert browser.value("timeRangeText(0, 0.0113)") == "0 s to 11.3 ms"
    assert browser.value("timeRangeText(9.5, 10.25)") == "9.5 s to 10.3 s"
    row = "{ unit: 's', low: %s, high: %s }"
    assert browser.value(f"rangeOf({row % (-3.02, -2.9)})") == "-3.02 s to -2.90 s"
    assert browser.value(f"rangeOf({row % (-0.2, 0.25)})") == "-200 ms to +250 ms"


def test_page_asks_nobody(browser, page):
    browser.asked.clear()
    browser.open(page)
    assert [url for url in browser.asked if not url.startswith(("file:", "blob:"))] == []


def test_charts_hold_the_numbers_of_the_file(browser, page, zone_loss):
    browser.open(page)
    frame = zone_loss.latency(["checkout"], [0.95])
    expected = frame.groupby("period")["latency_s"].mean()
    drawn = browser.value("first.latency.checkout.p95.mean")
    for period, value in enumerate(drawn):
        if value is not None:  # four digits
            assert value == pytest.approx(expected[period], rel=1e-3)
    assert sum(value is None for value in drawn) == expected.isna().sum()
    assert browser.value("charts.length") >= 7
    # The chart that explains shows the promise that is farthest beyond its limit.
    missed = zone_loss.promises().query("verdict == 'missed'").set_index("name")
    excess = missed["mean"] / missed["limit"]
    if "checkout success" in missed.index:  # a share of at least so much: its failures count
        success = missed.loc["checkout success"]
        excess["checkout success"] = (1 - success["mean"]) / (1 - success["limit"])
    assert browser.value("first.explains.name") == excess.idxmax()


def test_all_charts_zoom_together_with_mouse_and_keys(browser, page):
    browser.size(1100, 900)
    browser.open(page)
    whole = ranges(browser)
    assert len({str(r) for r in whole}) == 1
    browser.value("document.querySelector('.chart').scrollIntoView({block: 'center'})")
    box = browser.value("(b => [b.x, b.y, b.width, b.height])"
                        "(document.querySelector('.chart').getBoundingClientRect())")
    middle = box[1] + box[3] / 2
    browser.drag((box[0] + box[2] * 0.4, middle), (box[0] + box[2] * 0.6, middle))
    zoomed = ranges(browser)
    assert len({str(r) for r in zoomed}) == 1
    assert zoomed[0][1] - zoomed[0][0] < 0.3 * (whole[0][1] - whole[0][0])
    browser.value("document.getElementById('bar').focus()")
    browser.key("ArrowRight")
    moved = ranges(browser)
    assert moved[0][0] > zoomed[0][0]
    assert len({str(r) for r in moved}) == 1
    browser.key("0")
    assert ranges(browser) == whole


def test_values_can_be_read_with_keys(browser, page):
    browser.open(page)
    browser.value("document.getElementById('bar').focus()")
    for _ in range(3):
        browser.key(".")
    assert browser.value("charts.map(g => g.getSelection())") == [2] * browser.value(
        "charts.length")
    shown = browser.value("[...document.querySelectorAll('.legend')].map(l => l.textContent)")
    assert len([text for text in shown if text.startswith("12:07")]) >= 7, shown
    browser.key(",")
    assert browser.value("charts[0].getSelection()") == 1


def test_another_class_can_be_chosen(browser, page):
    browser.open(page)
    before = browser.value("charts.map(g => g.yAxisRange()[0])")
    browser.value("(s => { s.value = 'image'; s.dispatchEvent(new Event('change')); })"
                  "(document.querySelector('select'))")
    after = browser.value("charts.map(g => g.yAxisRange()[0])")
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_dark_phone_and_print(browser, page):
    browser.size(390, 800, dark=True, phone=True)
    browser.open(page)
    keep(browser, "phone_dark")
    assert browser.value("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"
    assert browser.value("document.documentElement.scrollWidth") <= 390
    # Every cell of the promises is on the screen, with its heading.
    cells = browser.value("[...document.querySelectorAll('#promise-table td')].map(c => ["
                          "c.getBoundingClientRect().right, c.scrollWidth - c.clientWidth,"
                          "getComputedStyle(c, '::before').content])")
    assert len(cells) >= 6
    assert all(right <= 390 and cut <= 0 for right, cut, _ in cells)
    assert cells[4][2] == '"95 % interval"'
    assert browser.pdf().startswith(b"%PDF")
    browser.size(1100, 900)


def test_nothing_is_cut_off_on_paper(browser, page):
    browser.size(720, 900)  # a page of A4 between its margins
    browser.open(page)
    browser.medium("print")
    browser.value("dispatchEvent(new Event('beforeprint'))")
    assert browser.value("document.querySelectorAll('details:not([open])').length") == 0
    beyond = browser.value("[...document.querySelectorAll('td, th, .tier')].filter("
                           "e => e.getBoundingClientRect().right > 721).length")
    assert beyond == 0
    browser.medium("screen")
    browser.size(1100, 900)


INJECTION = "<img src=x onerror=injected=1></script><script>injected=1</script><b>"
CLASS_INJECTION = "<img src=x onerror=injected=1>"  # in paths, so without a slash


def test_texts_of_a_scenario_cannot_become_markup(browser, folder, tmp_path):
    shutil.copy(folder / "zone_loss.h5", tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5", "r+") as file:
        scenario = yaml.safe_load(file.attrs["scenario_yaml"])
        scenario["question"] = scenario["slos"][0]["name"] = INJECTION
        file.attrs["scenario_yaml"] = yaml.safe_dump(scenario, sort_keys=False)
        file.attrs["scenario_name"] = INJECTION
        first_class = file["classes"][0]["name"].decode()
        for table, column in (("slo", "name"), ("slo", "bottleneck"), ("faults", "name"),
                              ("cost", "item"), ("slo", "promise"), ("classes", "name")):
            put_in_first_row(file, table, column)
        for group in ("latency", "requests", *(f"tiers/{tier}" for tier in file["tiers"])):
            file.move(f"{group}/{first_class}", f"{group}/{CLASS_INJECTION}")
    page = tmp_path / "a.html"
    report(tmp_path / "a.h5", "-o", page)
    browser.open(page)
    assert browser.value("typeof injected") == "undefined"
    assert browser.value("document.querySelectorAll('img').length") == 0
    assert browser.value("document.querySelector('h1').textContent") == INJECTION
    assert INJECTION in browser.value("document.getElementById('promise-table').textContent")
    assert CLASS_INJECTION in browser.value("document.querySelector('select').textContent")
    assert CLASS_INJECTION in browser.value("document.querySelector('#latency').textContent")


def put_in_first_row(file, table, column):
    """Markup in a text column."""
    put(file, table, 0, {column: CLASS_INJECTION if table == "classes" else INJECTION})


def put(file, table, row, values):
    """Other values in a row; text columns get as long as it needs."""
    data = file[table][()]
    kinds = [(name, data.dtype[name] if data.dtype[name].kind != "S" else h5py.string_dtype(
        "utf-8", max(len(str(values.get(name, ""))), data.dtype[name].itemsize)))
        for name in data.dtype.names]
    changed = data.astype(kinds)
    for name, value in values.items():
        changed[name][row] = value.encode() if isinstance(value, str) else value
    del file[table]
    file[table] = changed


def test_runs_side_by_side(browser, sizings, tmp_path):
    page = tmp_path / "compare.html"
    report(*sorted(sizings.glob("*.h5")), "-o", page)
    browser.size(1100, 900)
    browser.open(page)
    keep(browser, "compare")
    heads = browser.value("[...document.querySelectorAll('#promise-table th')]"
                          ".map(h => h.textContent)")
    assert heads == ["promise", "limit", "four small", "two large", "two small"]
    assert browser.value("document.getElementById('warning').textContent") == ""
    assert browser.value("charts[1].getLabels().slice(1)") == heads[2:]
    bill = browser.value("[...document.querySelectorAll('#bill-table tr')]"
                         ".map(r => [...r.cells].map(c => c.textContent))")
    assert [row[0] for row in bill[-4:]] == ["total of the known", "orders placed",
                                             "known cost of an order", "value of orders lost"]
    for name, shown in zip(heads[2:], bill[-4][1:], strict=True):
        cost = shopsim.open_results(sizings / f"{name}.h5").month_cost()
        assert shown == f"{cost.mean:,.2f} USD ± {cost.half_width:,.2f}"
    assert browser.value("[...document.querySelectorAll('#distribution h3')]"
                         ".map(h => h.textContent)") == heads[2:]
    assert browser.value("document.querySelectorAll('#distribution .chart').length") == 3
    # The chart below the verdict shows the same promise of every run.
    assert browser.value("charts[0].getLabels().slice(1)") == heads[2:]


def test_what_differs_stands_first_and_is_paired(browser, sizings, tmp_path):
    page = tmp_path / "compare.html"
    names = ["two small", "four small"]
    report(*(sizings / f"{name}.h5" for name in names), "-o", page)
    browser.open(page)
    assert browser.value("document.querySelector('main section').id") == "differences"
    rows = browser.value("[...document.querySelectorAll('#differences tr')]"
                         ".map(r => [...r.cells].map(c => c.textContent))")
    assert ["platform.web.scaling.minimum", "2", "4"] in rows
    small, large = (shopsim.open_results(sizings / f"{name}.h5") for name in names)
    months = [r.cost_replications().groupby("replication")["month_usd"].sum()
              for r in (large, small)]
    month = shopsim.paired_difference(*months)
    text = browser.value("document.querySelector('#differences .difference').textContent")
    assert (f"730 hours as busy as this it would cost {month.mean:,.2f} USD (95 % interval "
            f"{month.low:,.2f} to {month.high:,.2f}) more") in text
    assert "four small keeps " in text
    assert "of the orders" in text
    shown = dict(row for row in rows if len(row) == 2)["known cost of 730 hours like it"]
    assert shown == (f"+{month.mean:,.2f} USD"
                     f"+{month.low:,.2f} USD to +{month.high:,.2f} USD")


def test_runs_that_served_other_numbers_of_pages_are_told_apart(browser, sizings, tmp_path):
    fewer = tmp_path / "fewer.h5"
    shutil.copy(sizings / "two small.h5", fewer)
    with h5py.File(fewer, "r+") as file:
        for name in file["requests"]:
            file[f"requests/{name}/succeeded"][...] = file[f"requests/{name}/succeeded"][()] // 2
    report(fewer, sizings / "four small.h5", "-o", tmp_path / "page.html")
    browser.open(tmp_path / "page.html")
    text = browser.value("document.querySelector('#differences .difference').textContent")
    assert ("part of the difference in cost is traffic that fewer turned away or kept waiting and "
            "four small did not. EC2, RDS and ElastiCache alone: ") in text


def test_files_of_one_name_get_labels_that_differ(browser, sizings, tmp_path):
    for place, name in (("d1", "two small"), ("d2", "four small")):
        (tmp_path / place).mkdir()
        shutil.copy(sizings / f"{name}.h5", tmp_path / place / "x.h5")
    report(tmp_path / "d1" / "x.h5", tmp_path / "d2" / "x.h5", "-o", tmp_path / "page.html")
    browser.open(tmp_path / "page.html")
    assert browser.value("runs.map(r => r.label)") == ["d1/x", "d2/x"]
    assert browser.value("document.querySelector('h1').textContent") == "Comparison: d1/x, d2/x"


def test_two_runs_side_by_side_fit_on_a_phone(browser, sizings, tmp_path):
    page = tmp_path / "compare.html"
    report(*sorted(sizings.glob("*small.h5")), "-o", page)
    browser.size(390, 800, phone=True)
    browser.open(page)
    keep(browser, "compare_phone")
    for table in ("differences", "promise-table", "bill-table"):
        assert browser.value(f"(t => t.scrollWidth - t.clientWidth)"
                             f"(document.getElementById('{table}'))") <= 0, table
    browser.size(1100, 900)


def test_other_scenarios_are_labelled(browser, folder, tmp_path):
    page = tmp_path / "both.html"
    report(folder / "black_friday.h5", folder / "zone_loss.h5", "-o", page)
    browser.open(page)
    warning = browser.value("document.getElementById('warning').textContent")
    assert warning.startswith("These are not runs of the same scenario: zone_loss differs")
    bill = browser.value("document.getElementById('bill-table').textContent")
    assert "A month is 730 hours like those of each run" in bill  # 15 and 20 minutes
    text = browser.value("document.querySelector('#differences .difference').textContent")
    assert "has no interval: black_friday and zone_loss are runs of different scenarios" in text


def test_command_of_the_report_gives_the_same_numbers_again(browser, page, zone_loss, tmp_path):
    browser.open(page)
    (tmp_path / "scenario.yaml").write_text(browser.value("first.scenario_yaml"))
    (tmp_path / "platform.yaml").write_text(browser.value("first.platform_yaml"))
    command = browser.value("document.querySelector('#command pre').textContent").split()
    assert command[:3] == ["shopsim", "run", "scenario.yaml"]
    done = subprocess.run([program(), *command[1:], "-o", "again.h5", "--report", "again.html"],
                          cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode in ANSWERS, done.stderr
    assert "Report: again.html" in done.stdout
    with shopsim.open_results(tmp_path / "again.h5") as again:
        assert list(again.summary()["fingerprint"]) == list(zone_loss.summary()["fingerprint"])
    assert (tmp_path / "again.html").read_text().startswith("<!DOCTYPE html>")


def test_a_place_that_cannot_be_written_is_found_before_the_run(tmp_path):
    (tmp_path / "file").write_text("")
    done = subprocess.run(
        [program(), "run", f"scenarios/{ZONE_LOSS.scenario}.yaml", "-o", tmp_path / "a.h5",
         "--report", tmp_path / "file" / "a.html"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "[output-not-writable]" in done.stderr
    assert not (tmp_path / "a.h5").exists()
