"""A bar chart of CPU time per answer, drawn by gnuplot."""
import statistics
import subprocess

NAMES = {
    "sluice": "Sluice",
    "nginx": "nginx",
    "haproxy": "HAProxy",
    "reactor-netty": "Reactor Netty",
    "spring": "Spring Cloud Gateway",
    "sluice /copy": "Sluice, stored copy",
    "sluice /health/live": "Sluice, /health/live",
    "sluice /health/ready": "Sluice, /health/ready",
    "nginx /copy": "nginx, cache hit",
    "varnish /copy": "Varnish, cache hit",
}
OWN, OTHER, TEXT = "#1f77b4", "#c3c9d1", "#333333"


def draw(target, rows, about):
    """Returns whether there was anything to draw."""
    panels = [
        ("CPU time per proxied request, microseconds", "proxy", "sluice"),
        ("CPU time per answer from memory, microseconds", "memory", "sluice /copy"),
    ]
    panels = [(title, bars(rows, scenario), own) for title, scenario, own in panels]
    panels = [panel for panel in panels if panel[1]]
    if not panels:
        return False
    heights = [len(panel[1]) + 1.6 for panel in panels]
    script = [
        f"set terminal pngcairo size 1100,{int(44 * sum(heights)) + 70} font 'DejaVu Sans,12' background '#ffffff'",
        f"set output '{target}'",
        "set multiplot",
        "unset key; unset ytics; unset xtics; unset border",
        "set style fill solid 1.0 noborder",
    ]
    total, top = sum(heights), 1.0
    usable = 0.93
    for (title, values, own), height in zip(panels, heights):
        share = usable * height / total
        script += panel(title, values, own, top - share, top)
        top -= share
    note = f"median of {about['rounds']} rounds of {about['seconds']} s, range as a line; one core, 64 connections; "
    note += f"in brackets: that of Sluice divided by it; Java {about['java'].split(',')[0]} where not said"
    script += [
        "set origin 0,0; set size 1,0.06; unset title; set lmargin 2; set tmargin 0; set bmargin 0",
        f"set label 99 '{note}' at screen 0.02,0.028 font 'DejaVu Sans,9.5' textcolor rgb '#777777'",
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


def panel(title, values, own, bottom, top):
    count, longest = len(values), max(high for *_, high in values)
    base = next((middle for case, middle, *_ in values if case == own), None)
    data = ["$data << END"]
    labels = ["unset label"]
    for index, (case, middle, low, high) in enumerate(values):
        y = count - index
        colour = OWN if case.startswith("sluice") else OTHER
        data.append(f"{y} {middle} {low} {high} {int(colour[1:], 16)}")
        ratio = "" if base is None or case == own else f"  ({base / middle:.2f})"
        labels.append(
            f"set label '{middle:.1f}{ratio}' at {high + longest * 0.012},{y} left textcolor rgb '{TEXT}'"
        )
        labels.append(f"set label '{label(case)}' at {-longest * 0.012},{y} right textcolor rgb '{TEXT}'")
    data.append("END")
    return [
        *data,
        *labels,
        f"set origin 0,{bottom}; set size 1,{top - bottom}",
        f"set title '{title}' font 'DejaVu Sans Bold,13' textcolor rgb '{TEXT}' offset 0,-0.3",
        "set lmargin at screen 0.24; set rmargin at screen 0.97; set tmargin 2.6; set bmargin 0.4",
        f"set xrange [0:{longest * 1.16}]; set yrange [0.4:{count + 0.6}]",
        "plot $data using ($2/2):1:($2/2):(0.33):5 with boxxyerror linecolor rgb variable, "
        f"$data using 3:1:($4-$3):(0) with vectors nohead linewidth 2 linecolor rgb '{TEXT}'",
    ]


def label(case):
    name = NAMES.get(case.removesuffix("-17"), case)
    return name + (", Java 17" if case.endswith("-17") else "")
