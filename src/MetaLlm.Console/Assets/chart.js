// Draws <div data-chart="JSON"> with uPlot. What it draws stands in a table beside it, for those who cannot see it.
"use strict";
window.metallmCharts = (() => {
  const drawn = new Map();
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const fades = color => `color-mix(in srgb, ${color} 18%, transparent)`;

  function writer(format, locale) {
    const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
    const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
    switch (format) {
      case "percent": return v => v == null ? "" : percent.format(v);
      case "usd": return v => v == null ? "" : (v < 0 ? "-$" : "$") + number.format(Math.abs(v));
      default: return v => v == null ? "" : number.format(v);
    }
  }

  function options(data, width) {
    const write = writer(data.yFormat, data.locale);
    const writeX = writer(data.xFormat, data.locale);
    const time = data.xFormat === "time";
    // Times are UTC, as exact as the marks of the axis are apart: days, minutes or seconds.
    const clock = step => v => { const at = new Date(v * 1e3).toISOString(); return step >= 86400 ? at.slice(5, 10) : step >= 60 ? at.slice(11, 16) : at.slice(11, 19); };
    const axis = { stroke: style("--soft"), grid: { stroke: style("--line"), width: 1 }, ticks: { stroke: style("--line"), width: 1 }, font: "12px system-ui, sans-serif" };
    const series = [{ label: data.xLabel, value: time ? (u, v) => v == null ? "–" : new Date(v * 1e3).toISOString().slice(0, 16).replace("T", " ") : (u, v) => writeX(v) }];
    const [bands, bars] = [[], []];
    data.series.forEach((one, i) => {
      const color = style(`--series-${i % 8 + 1}`);
      const at = series.push({
        label: one.name, stroke: color, width: one.marks ? 0 : 1.75, dash: one.dashed ? [6, 4] : undefined, spanGaps: !time,
        paths: one.marks ? () => null : undefined, points: { show: one.marks || data.x.length < 2, size: 8, fill: one.marks && one.dashed ? style("--surface") : color, stroke: color }, value: (u, v) => write(v),
      }) - 1;
      if (one.low && one.high) {
        const edge = { stroke: "transparent", width: 0, points: { show: false }, value: (u, v) => write(v) };
        series.push({ ...edge, label: `${one.name} ↑` }, { ...edge, label: `${one.name} ↓` });
        bands.push({ series: [at + 1, at + 2], fill: fades(color) });
        if (one.marks) {
          bars.push({ one, color });
        }
      }
    });
    return {
      width, height: data.height, series, bands, hooks: { draw: [u => bars.forEach(({ one, color }) => drawBars(u, data.x, one, color))] }, cursor: { y: false, points: { size: 7 } }, legend: { show: true, live: true },
      tzDate: ts => uPlot.tzDate(new Date(ts * 1e3), "Etc/UTC"),
      scales: { x: { time, range: (u, low, high) => range(u.data[0], low, high, time) }, y: { range: (u, low, high) => low == null ? [0, 1] : uPlot.rangeNum(Math.min(low, 0), high === low ? high + 1 : high, { min: { pad: 0, soft: 0, mode: 1 }, max: { pad: 0.08, soft: 0, mode: 2 } }) } },
      axes: [{ ...axis, space: data.xFormat === "usd" ? 100 : time ? 70 : 50, values: time ? (u, splits) => splits.map(clock(splits[1] - splits[0])) : (u, splits) => splits.map(v => v == null ? "" : writeX(v)) }, { ...axis, size: (u, values) => Math.max(58, 20 + 7 * Math.max(0, ...(values ?? []).map(text => text.length))), values: (u, splits) => splits.map(write) }],
    };
  }

  function drawBars(u, x, one, color) {
    u.ctx.save();
    u.ctx.strokeStyle = color;
    u.ctx.lineWidth = 1.5 * devicePixelRatio;
    u.ctx.beginPath();
    x.forEach((at, i) => {
      if (one.low[i] != null && one.high[i] != null) {
        const across = u.valToPos(at, "x", true);
        u.ctx.moveTo(across, u.valToPos(one.low[i], "y", true));
        u.ctx.lineTo(across, u.valToPos(one.high[i], "y", true));
      }
    });
    u.ctx.stroke();
    u.ctx.restore();
  }

  // Around one time alone uPlot would show years.
  function range(x, low, high, time) {
    return low == null ? [0, 1] : time && x.length === 1 ? [x[0] - 43200, x[0] + 43200] : [low, high];
  }

  function draw(element) {
    const data = JSON.parse(element.dataset.chart);
    drawn.get(element)?.destroy();
    const columns = [data.x];
    for (const one of data.series) {
      columns.push(one.y);
      if (one.low && one.high) {
        columns.push(one.high, one.low);
      }
    }
    const settings = options(data, Math.max(200, element.clientWidth - 10));
    for (const key of Object.keys(settings)) {
      if (settings[key] === undefined) {
        delete settings[key];
      }
    }
    drawn.set(element, new uPlot(settings, columns, element));
  }

  function all(root) {
    for (const element of [...drawn.keys()]) {
      if (!element.isConnected) {
        drawn.get(element).destroy();
        drawn.delete(element);
      }
    }
    root.querySelectorAll("[data-chart]").forEach(draw);
  }

  let waiting = 0;
  addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(() => all(document), 120); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => all(document));
  all(document);
  return all;
})();
