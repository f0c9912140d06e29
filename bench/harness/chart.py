"""A bar chart of CPU time per answer, drawn by gnuplot."""
import statistics
import subprocess

from .report import Missing, Spoilt, Table

NAMES = {
    "sluice": "Sluice",
    "nginx": "nginx",
    "haproxy": "HAProxy",
    "sluice-io-uring": "Sluice on io_uring",
    "sluice-before": "Sluice before",
    "sluice-parallel-gc": "Sluice, parallel collector",
    "netty-relay": "Netty relay, no HTTP",
    "reactor-netty": "Reactor Netty",
    "reactor-netty-1loop": "Reactor Netty, one loop",
    "spring": "Spring Cloud Gateway",
    "sluice /copy": "Sluice, stored copy",
    "sluice /health/live": "Sluice, /health/live",
    "sluice /health/ready": "Sluice, /health/ready",
    "nginx /copy": "nginx, cache hit",
    "varnish /copy": "Varnish, cache hit",
}
PANELS = [
    ("CPU time per proxied request, µs", "proxy", "Sluice ÷ it"),
    ("CPU time per answer from memory, µs", "memory", "stored copy ÷ it"),
]
OWN, OTHER, TEXT, FAINT = "#1f6fb4", "#c3c9d1", "#30343a", "#7a808a"


def draw(target, rows, about):
    """Returns whether there was anything to draw."""
    table = Table(rows)
    panels = [(title, scenario, column, bars(rows, scenario)) for title, scenario, column in PANELS]
    panels = [panel for panel in panels if panel[3]]
    if not panels:
        return False
    heights = [len(values) + 1.7 for *_, values in panels]
    total, top, usable = sum(heights), 1.0, 0.93
    script = [
        "set encoding utf8",
        f"set terminal pngcairo size 1100,{int(42 * total) + 60} font 'DejaVu Sans,12' background '#ffffff'",
        f"set output '{target}'",
        "set multiplot",
        "unset key; unset ytics; unset xtics; unset border",
        "set style fill solid 1.0 noborder; set boxwidth 0.62",
    ]
    for (title, scenario, column, values), height in zip(panels, heights):
        share = usable * height / total
        script += panel(title, column, values, lambda case, s=scenario: ratio(table, s, case), top - share, top)
        top -= share
    rounds = "1 round" if about["rounds"] == 1 else f"median of {about['rounds']} rounds, lines from least to most"
    note = f"One core, 64 connections, 1 KB JSON; {rounds}, {about['seconds']} s each; "
    note += f"Java {about['java'].split(',')[0]} where none is named."
    script += [
        "set origin 0,0; set size 1,0.06; unset title; unset label; set lmargin 2; set tmargin 0; set bmargin 0",
        f"set label '{note}' at screen 0.03,0.03 font 'DejaVu Sans,9.5' textcolor rgb '{FAINT}'",
        "set xrange [0:1]; set yrange [0:1]; plot -1 notitle",
        "unset multiplot",
    ]
    subprocess.run(["gnuplot"], input="\n".join(script), text=True, check=True, timeout=60)
    return True


def bars(rows, scenario):
    """Name, median, least and most of each case that has figures, least first."""
    found = {}
    for row in rows:
        if row["scenario"] == scenario and "cpu_us" in row:
            found.setdefault(row["case"], []).append(row["cpu_us"])
    return sorted(((c, statistics.median(v), min(v), max(v)) for c, v in found.items()), key=lambda b: b[1])


def ratio(table, scenario, case):
    """Sluice's CPU time (that of its stored copies, in `memory`) to this one's, on the same Java."""
    own = {"proxy": "sluice-17" if case.endswith("-17") else "sluice", "memory": "sluice /copy"}[scenario]
    if case.startswith("sluice"):
        return ""
    try:
        return f"{statistics.median(table.ratio(scenario, own, [case], 'cpu_us')):.2f}×"
    except (Missing, Spoilt, statistics.StatisticsError):
        return ""


def panel(title, column, values, ratio_of, bottom, top):
    count, longest = len(values), max(high for *_, high in values)
    gap = longest * 0.012
    data, labels = ["$data << END"], ["unset label"]

    def write(text, x, y, side, colour=TEXT, font="DejaVu Sans,12"):
        labels.append(f"set label '{text}' at {x},first {y} {side} textcolor rgb '{colour}' font '{font}'")

    write(title, "screen 0.03", count + 1.05, "left", font="DejaVu Sans Bold,13")
    write(column, "screen 0.97", count + 1.05, "right", FAINT)
    for index, (case, middle, low, high) in enumerate(values):
        y = count - index
        colour = OWN if case.startswith("sluice") else OTHER
        data.append(f"{y} {middle} {low} {high} {int(colour[1:], 16)}")
        write(label(case), f"first {-gap}", y, "right")
        write(f"{middle:.1f}", f"first {high + gap}", y, "left")
        write(ratio_of(case), "screen 0.97", y, "right")
    data.append("END")
    return [
        *data,
        *labels,
        f"set origin 0,{bottom}; set size 1,{top - bottom}",
        "set lmargin at screen 0.28; set rmargin at screen 0.90; set tmargin 0; set bmargin 0",
        f"set xrange [0:{longest * 1.1}]; set yrange [0.4:{count + 1.7}]",
        "plot $data using ($2/2):1:($2/2):(0.31):5 with boxxyerror linecolor rgb variable, "
        f"$data using 3:1:($4-$3):(0) with vectors nohead linewidth 1.5 linecolor rgb '{TEXT}'",
    ]


def label(case):
    name = NAMES.get(case.removesuffix("-17"), case)
    return name + (", Java 17" if case.endswith("-17") else "")
