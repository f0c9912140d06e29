"""Medians, ratios and bars. Ratios are taken within a round, then their median over the rounds."""
import json
import statistics
from dataclasses import dataclass
from typing import Callable

RIVALS = ("nginx", "haproxy")


class Missing(Exception):
    """A figure that this run was not asked for."""


class Spoilt(Exception):
    """A figure that rests on a run that failed."""


class Table:
    """Rows by scenario, case and round."""

    def __init__(self, rows):
        self.rows = rows

    def cases(self, scenario):
        return list(dict.fromkeys(r["case"] for r in self.rows if r["scenario"] == scenario))

    def of(self, scenario, case):
        return [r for r in self.rows if (r["scenario"], r["case"]) == (scenario, case)]

    def failures(self):
        return [r for r in self.rows if "failure" in r]

    def values(self, scenario, case, field):
        """By round; a failed run spoils the whole."""
        rows = self.of(scenario, case)
        if any("failure" in r for r in rows):
            raise Spoilt(case)
        found = {r["round"]: r[field] for r in rows if field in r}
        if not found:
            raise Missing(case)
        return found

    def ratio(self, scenario, case, others, field):
        """To the least of the others in the same round."""
        own = self.values(scenario, case, field)
        known = []
        for other in others:
            try:
                known.append(self.values(scenario, other, field))
            except Missing:
                continue
        if not known:
            raise Missing(case)
        return [value / min(k[n] for k in known) for n, value in own.items() if all(n in k for k in known)]

    def added(self, peer, field):
        """Milliseconds that the hop adds at half of the peer's own saturated load."""
        own, bare = self.values("half", peer, field), self.values("half", f"direct for {peer}", field)
        return [(own[n] - bare[n]) / 1000 for n in own if n in bare]


@dataclass
class Bar:
    label: str
    limit: float
    aim: float
    unit: str
    figures: Callable


def bars(table):
    """What Sluice has to reach."""
    found = []

    def bar(label, limit, aim, unit, figures):
        found.append(Bar(label, limit, aim, unit, figures))

    for suffix, java in (("", "newest Java"), ("-17", "Java 17")):
        own, reactor, spring = "sluice" + suffix, "reactor-netty" + suffix, "spring" + suffix
        ratio = lambda others, own=own: lambda: table.ratio("proxy", own, others, "cpu_us")  # noqa: E731
        bar(f"CPU per request to the better of nginx and HAProxy, {java}", 1.15, 1.0, "x", ratio(RIVALS))
        bar(f"CPU per request to Reactor Netty, {java}", 0.6, 0.5, "x", ratio([reactor]))
        if not suffix:
            bar("CPU per request to Reactor Netty with one event loop", 0.6, 0.5, "x", ratio([reactor + "-1loop"]))
        bar(f"CPU per request to Spring Cloud Gateway, {java}", 0.18, 0.15, "x", ratio([spring]))
    bar("CPU per request with TLS on both sides to nginx", 1.15, None, "x",
        lambda: table.ratio("tls", "sluice", ["nginx"], "cpu_us"))
    bar("throughput of nginx over HTTP/2 to Sluice's", 1.11, None, "x", lambda: inverse(table))
    bar("p50 that the hop adds at half load", 0.5, None, "ms", lambda: table.added("sluice", "p50_us"))
    bar("p99 that the hop adds at half load", 3.0, None, "ms", lambda: table.added("sluice", "p99_us"))
    for field in ("p50", "p99"):
        bar(f"{field} at 2,000 requests/s to HAProxy's", 1.0, None, "x",
            lambda field=field: table.ratio("fixed", "sluice", ["haproxy"], field + "_us"))
    for path, what in (("/copy", "stored copy"), ("/health/live", "/health/live"), ("/health/ready", "/health/ready")):
        for rival, name, limit in (("nginx", "nginx", 0.45), ("varnish", "Varnish", 0.25)):
            bar(f"CPU per {what} to a hit of {name}", limit, None, "x",
                lambda path=path, rival=rival: table.ratio("memory", f"sluice {path}", [f"{rival} /copy"], "cpu_us"))
    bar("10,000 idle connections", 60, None, "MiB", lambda: list(table.values("idle", "sluice", "cost_mib").values()))
    for way in ("down", "up"):
        bar(f"memory that 1 GiB {way} adds", 32, None, "MiB",
            lambda way=way: list(table.values("bodies", way, "growth_mib").values()))
    bar("throughput lost from 64 to 1,000 connections", 15, None, "%", lambda: lost(table, "sluice"))
    return found


def inverse(table):
    """0.9 of nginx's throughput is to be reached: nginx's is at most 1.11 of ours."""
    own, theirs = (table.values("h2", name, "rps") for name in ("sluice", "nginx"))
    return [theirs[n] / own[n] for n in own if n in theirs]


def lost(table, name):
    few, many = (table.values("connections", f"{name} at {count}", "rps") for count in (64, 1000))
    return [(1 - many[n] / few[n]) * 100 for n in few if n in many]


def judged(table):
    """Cells of the table of bars."""
    cells = []
    for bar in bars(table):
        limit, aim = number(bar.limit, bar.unit), "" if bar.aim is None else number(bar.aim, bar.unit)
        try:
            figures = bar.figures()
            middle = statistics.median(figures)
            verdict = "met" if middle <= bar.limit else "MISSED"
            cells.append([bar.label, number(middle, bar.unit), spread(figures, bar.unit), limit, aim, verdict])
        except Missing:
            cells.append([bar.label, "", "", limit, aim, "not measured"])
        except (Spoilt, statistics.StatisticsError):
            cells.append([bar.label, "", "", limit, aim, "FAILURE"])
    return cells


def number(value, unit):
    return f"{value:.2f} {unit}" if unit in ("x", "ms") else f"{value:.1f} {unit}"


def spread(figures, unit):
    return f"{min(figures):.2f}-{max(figures):.2f}" if unit in ("x", "ms") else f"{min(figures):.1f}-{max(figures):.1f}"


FIELDS = {
    "rps": ("requests/s", "{:.0f}", 1),
    "cpu_us": ("CPU us", "{:.1f}", 1),
    "kernel_us": ("kernel us", "{:.1f}", 1),
    "p50_us": ("p50 ms", "{:.2f}", 1000),
    "p99_us": ("p99 ms", "{:.2f}", 1000),
    "core": ("core %", "{:.0f}", 0.01),
    "jit": ("JIT %", "{:.0f}", 0.01),
    "before_mib": ("RSS before", "{:.1f}", 1),
    "peak_mib": ("RSS peak", "{:.1f}", 1),
    "after_mib": ("RSS after", "{:.1f}", 1),
    "growth_mib": ("growth MiB", "{:.1f}", 1),
    "cost_mib": ("cost MiB", "{:.1f}", 1),
    "mib_per_second": ("MiB/s", "{:.0f}", 1),
}


def measured(table, scenario):
    """Cells of one scenario: the median of each field, with min and max in brackets."""
    rows = [r for r in table.rows if r["scenario"] == scenario]
    fields = [f for f in FIELDS if any(f in r for r in rows)]
    ratios = scenario == "proxy"
    head = ["case", *(FIELDS[f][0] for f in fields), *(["sluice / case"] if ratios else [])]
    cells = [head]
    for case in table.cases(scenario):
        own = table.of(scenario, case)
        good = [r for r in own if "failure" not in r]
        if good and all("note" in r for r in good) and len(good) == len(own):
            continue
        line = [case] + [cell([r[f] for r in good if f in r], *FIELDS[f][1:]) for f in fields]
        if len(good) < len(own):
            line[1] = f"FAILURE ({len(own) - len(good)} of {len(own)} runs) " + line[1]
        if ratios:
            line.append(to_sluice(table, case))
        cells.append(line)
    return cells


def to_sluice(table, case):
    own = "sluice-17" if case.endswith("-17") else "sluice"
    try:
        return "" if case == own else number(statistics.median(table.ratio("proxy", own, [case], "cpu_us")), "x")
    except (Missing, Spoilt):
        return ""


def cell(values, form, scale):
    if not values:
        return ""
    middle = form.format(statistics.median(values) / scale)
    low, high = form.format(min(values) / scale), form.format(max(values) / scale)
    return middle if len(values) == 1 else f"{middle} ({low}-{high})"


def drawn(cells):
    """A Markdown table that reads well as plain text."""
    widths = [max(len(str(line[i])) for line in cells) for i in range(len(cells[0]))]
    lines = ["| " + " | ".join(str(c).ljust(w) for c, w in zip(line, widths)) + " |" for line in cells]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(lines)


def write(folder, stamp, about, rows):
    """Writes the .json and the .md, and returns the latter's text."""
    table = Table(rows)
    parts = [f"# Side by side, {stamp}", " · ".join(f"{k} {v}" for k, v in about.items())]
    parts += ["## Bars", drawn([["bar", "median", "min-max", "limit", "aim", "verdict"], *judged(table)])]
    for scenario in dict.fromkeys(r["scenario"] for r in rows):
        parts += [f"## {scenario}", drawn(measured(table, scenario))]
    failed = table.failures()
    if failed:
        parts += ["## Failures", "\n".join(
            f"- {r['scenario']}, {r['case']}, round {r['round']}: {r['failure']}" for r in failed)]
    text = "\n\n".join(parts) + "\n"
    folder.mkdir(exist_ok=True)
    (folder / f"{stamp}.md").write_text(text)
    (folder / f"{stamp}.json").write_text(json.dumps({"about": about, "rows": rows}, indent=1))
    return text
