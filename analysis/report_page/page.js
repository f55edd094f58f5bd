'use strict';
// The charts. Colours are those of Okabe and Ito; dashes tell curves apart without colour.
const onDark = matchMedia('(prefers-color-scheme: dark)').matches;
const colours = onDark ? ['#56b4e9', '#e69f00', '#2fc79b', '#cc79a7', '#f0e442', '#d55e00']
                       : ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const dashes = [null, [8, 3], [2, 2], [8, 3, 2, 3], [12, 3], [4, 4]];
const markColours = { fault: '#d55e00', alarm: '#cc79a7', scaling: '#56b4e9' };
const charts = [];

const short = (value) => Math.abs(value) >= 1e6 ? +(value / 1e6).toPrecision(3) + ' M'
  : Math.abs(value) >= 1e3 ? +(value / 1e3).toPrecision(3) + ' k' : String(+value.toPrecision(3));
const units = {
  seconds: timeText, percent: (v) => +v.toPrecision(3) + ' %', count: short,
  'per second': (v) => short(v) + ' /s', 'dollars an hour': (v) => +v.toPrecision(3) + ' USD/h',
};

function clockLabel(time) {
  const text = new Date(time).toISOString().slice(11, 19);
  return text.endsWith(':00') ? text.slice(0, 5) : text;
}

// Rows [time, [low, mean, high] of each series]; runs that start at other times are merged.
function rowsOf(series) {
  const times = new Map();
  series.forEach(({ run, band }, index) => run.starts.forEach((start, i) => {
    const time = clockOf(run, start);
    if (!times.has(time)) times.set(time, new Array(series.length).fill([null, null, null]));
    times.get(time)[index] = [band.low[i], band.mean[i], band.high[i]];
  }));
  return [...times].sort((a, b) => a[0] - b[0])
    .map(([time, values]) => [new Date(time), ...values]);
}

function drawMarks(canvas, area, graph, { limit, limitLabel }) {
  canvas.save();
  for (const event of first.events) {
    if (!at('show-' + event.kind)?.checked) continue;
    const x = graph.toDomXCoord(clockOf(first, event.time_s));
    if (x < area.x || x > area.x + area.w) continue;
    canvas.strokeStyle = markColours[event.kind];
    canvas.setLineDash(event.kind === 'fault' ? [] : [3, 3]);
    canvas.beginPath();
    canvas.moveTo(x, area.y);
    canvas.lineTo(x, area.y + area.h);
    canvas.stroke();
  }
  if (limit !== null && limit !== undefined) {
    const y = graph.toDomYCoord(limit);
    canvas.strokeStyle = canvas.fillStyle = onDark ? '#ff8a57' : '#b03a00';
    canvas.setLineDash([6, 4]);
    canvas.lineWidth = 2;
    canvas.beginPath();
    canvas.moveTo(area.x, y);
    canvas.lineTo(area.x + area.w, y);
    canvas.stroke();
    canvas.font = '12px system-ui, sans-serif';  // beside the axis, else the line is taken for it
    canvas.fillText('limit ' + limitLabel, area.x + 6, y > area.y + 18 ? y - 5 : y + 14);
  }
  canvas.restore();
}

// The legend is made of text nodes: the names of classes and files come from the user.
function legend(data, unit) {
  const made = document.createDocumentFragment();
  if (data.x !== undefined) {
    made.append(new Date(data.x).toISOString().slice(11, 19) + '  ');
  }
  for (const series of data.series) {
    const name = element('b', (data.x === undefined ? '\u25ac ' : '') + series.label);
    name.style.color = series.color;
    const known = data.x !== undefined && Number.isFinite(series.y);
    made.append(name, known ? ' ' + units[unit](series.y) + '  ' : '  ');
  }
  return made;
}

function valueRange(series, { log, limit }) {
  const most = Math.max(limit ?? 0, ...series.flatMap((s) => s.band.high.filter(Number.isFinite)));
  if (!log) return [0, most > 0 ? most * 1.08 : 1];
  const least = Math.min(limit ?? Infinity,
                         ...series.flatMap((s) => s.band.low.filter((v) => v > 0)));
  return most > 0 ? [Math.min(least, most) * 0.8, most * 1.3] : [0.001, 1];
}

// A band as one polygon for every stretch without a gap. The library's own draws each period apart,
// which took three quarters of the time to load the page of a day.
function bandPlotter({ points, plotArea, drawingContext: context, color }) {
  context.save();
  context.globalAlpha = 0.18;
  context.fillStyle = color;
  for (let begin = 0; begin < points.length;) {
    let end = begin;
    while (end < points.length && Number.isFinite(points[end].y)) ++end;
    const stretch = points.slice(begin, end);
    context.beginPath();
    for (const p of stretch) context.lineTo(p.canvasx, plotArea.h * p.y_top + plotArea.y);
    for (const p of stretch.reverse()) {
      context.lineTo(p.canvasx, plotArea.h * p.y_bottom + plotArea.y);
    }
    context.fill();
    begin = end + 1;
  }
  context.restore();
}

function chart(place, { title, unit, series, limit, log, tall }) {
  const shown = series.filter((s) => s.band);
  if (!shown.length) return null;
  const box = element('figure');
  if (title) box.append(element('h3', title));
  const key = element('div', null, 'legend');
  const canvas = element('div', null, 'chart' + (tall ? ' tall' : ''));
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', title ?? 'latency');
  box.append(key, canvas);
  place.append(box);
  const graph = new Dygraph(canvas, rowsOf(shown), {
    // Labels must differ; what people read comes from the legend's text nodes.
    labels: ['time', ...shown.map((s) => s.label)], customBars: true, labelsUTC: true,
    legend: 'always', labelsDiv: key, legendFormatter: (data) => legend(data, unit),
    colors: shown.map((s, i) => colours[i % colours.length]), strokeWidth: 1.6, plotter: [bandPlotter, Dygraph.Plotters.linePlotter],
    series: Object.fromEntries(shown.map((s, i) => [s.label,
      { strokePattern: dashes[i % dashes.length] }])),
    logscale: Boolean(log), gridLineColor: 'rgba(128,128,128,0.25)', axisLineColor: '#888',
    valueRange: valueRange(shown, { log, limit }),
    axes: { y: { axisLabelFormatter: (v) => units[unit](v), axisLabelWidth: 64 },
            x: { axisLabelFormatter: (v) => clockLabel(v) } },
    underlayCallback: (context, area, g) => drawMarks(context, area, g, {
      limit, limitLabel: units[unit](limit ?? 0) }),
  });
  charts.push(graph);
  return graph;
}

const eachRun = (key, name) => runs.map((run) => ({
  run, band: run.charts[key], label: many ? run.label : name }));

function explain() {
  const shown = runs.filter((r) => r.explains && r.explains.name === first.explains?.name);
  if (!shown.length) return;
  const { name, promise, unit, limit, shows, of_run: ofRun } = first.explains;
  at('explains-title').textContent = name + ': ' + promise;
  chart(at('explains'), { title: null, unit, limit, tall: true, log: unit === 'seconds',
    series: shown.map((run) => ({ run, band: run.explains.series,
                                  label: many ? run.label : 'measured' })) });
  at('explains').append(element('p', shows + ': mean (line) and range (band) over ' +
    (many ? 'the replications of each run' : first.replications + ' replications') +
    (limit === null ? '.' : '. Dashed line: the limit, ' + units[unit](limit) +
      (ofRun ? ', which is for the run as a whole.' : '.')), 'hint'));
}

function overTime() {
  const place = at('charts');
  chart(place, { title: 'Pages asked for', unit: 'per second',
                 series: eachRun('pages', 'pages') });
  place.append(element('p', 'Customers who wait for a page do not ask for the next one: where the ' +
    'shop is slow or down this falls, though as many customers come.', 'hint'));
  chart(place, { title: 'Web servers', unit: 'count', series: many ? eachRun('servers') : [
    ...eachRun('servers', 'in service'), ...eachRun('desired', 'desired')] });
  const load = [['web_cpu', 'web servers'], ['database_cpu', 'database'], ['cache_cpu', 'cache']];
  if (many) {
    for (const [key, name] of load.slice(0, 2)) {
      chart(place, { title: 'CPU of the ' + name, unit: 'percent', series: eachRun(key) });
    }
  } else {
    chart(place, { title: 'CPU', unit: 'percent', series: load.flatMap((l) => eachRun(...l)) });
  }
  latencyChart(place);
  chart(place, { title: 'Pages that failed', unit: 'percent',
                 series: eachRun('failed', 'failed') });
  if (many) {
    chart(place, { title: 'Orders lost in each ' + first.period, unit: 'count', series: eachRun('orders_lost') });
  } else {
    chart(place, { title: 'Orders in each ' + first.period, unit: 'count', series: [
      ...eachRun('orders_placed', 'placed'), ...eachRun('orders_lost', 'lost')] });
  }
  chart(place, { title: 'Cost', unit: 'dollars an hour', series: eachRun('cost', 'known prices') });
}

function latencyChart(charts) {
  const place = element('figure');
  charts.append(place);
  place.append(element('h3', 'Latency'));
  const choice = element('label', 'of ');
  const select = element('select');
  for (const name of Object.keys(first.latency)) select.append(new Option(name, name));
  if (first.latency.checkout) select.value = 'checkout';
  choice.append(select);
  place.append(choice);
  const nothing = { low: [], mean: [], high: [] };  // a run without this class
  const series = () => many
    ? runs.map((run) => ({ run, label: run.label + ' p95',
                           band: run.latency[select.value]?.p95 ?? nothing }))
    : ['p50', 'p95', 'p99'].map((q) => ({ run: first, label: q,
                                          band: first.latency[select.value][q] }));
  const graph = chart(place, { unit: 'seconds', log: true, tall: true, series: series() });
  select.addEventListener('change', () => graph.updateOptions(
    { file: rowsOf(series()), valueRange: valueRange(series(), { log: true }) }));
}

function link() {
  if (charts.length > 1) Dygraph.synchronize(charts, { range: false });
}
function show(range) {
  charts[0]?.updateOptions({ dateWindow: range });
}

function bar() {
  if (!charts.length) return;
  const all = () => charts[0].xAxisExtremes();
  const change = (zoom, shift) => {
    const [low, high] = charts[0].xAxisRange(), [begin, end] = all();
    const middle = (low + high) / 2 + shift * (high - low);
    const half = Math.min((high - low) * zoom, end - begin) / 2;
    const centre = Math.min(Math.max(middle, begin + half), end - half);
    show([centre - half, centre + half]);
  };
  // Reads values without a mouse: the marked moment of the first chart, in all of them.
  let marked = null;
  const mark = (step) => {
    const graph = charts[0], [low, high] = graph.xAxisRange(), last = graph.numRows() - 1;
    const shown = (row) => graph.getValue(row, 0) >= low && graph.getValue(row, 0) <= high;
    let row = marked === null || !shown(marked) ? (step > 0 ? -1 : last + 1) : marked;
    do row += step; while (row >= 0 && row <= last && !shown(row));
    if (row < 0 || row > last) return;
    marked = row;
    for (const g of charts) {
      const same = g.getRowForX(graph.getValue(row, 0));
      if (same !== null) g.setSelection(same);
    }
  };
  const actions = [['Earlier', 'ArrowLeft', () => change(1, -0.25)],
    ['Later', 'ArrowRight', () => change(1, 0.25)], ['Zoom in', '+', () => change(0.5, 0)],
    ['Zoom out', '-', () => change(2, 0)], ['Whole run', '0', () => show(null)],
    ['Previous values', ',', () => mark(-1)], ['Next values', '.', () => mark(1)]];
  for (const [name, key, act] of actions) {
    const button = element('button', name);
    button.title = 'key: ' + key;
    button.addEventListener('click', act);
    at('bar').append(button);
  }
  at('bar').addEventListener('keydown', (event) => {
    const pressed = event.key === '=' ? '+' : event.key;
    const found = actions.find(([, key]) => key === pressed);
    if (!found) return;
    event.preventDefault();
    found[2]();
  });
}

function marks() {
  at('marks').append('Marks of the first replication' + (many ? ' of ' + first.label : '') + ': ');
  for (const kind of Object.keys(markColours)) {
    const count = first.events.filter((e) => e.kind === kind).length;
    const label = element('label', ' ' + kind + ' (' + count + ')  ');
    label.style.color = markColours[kind];
    const box = element('input');
    box.type = 'checkbox';
    box.id = 'show-' + kind;
    box.checked = kind !== 'scaling' || count < 60;
    box.addEventListener('change', () => charts.forEach((g) => g.updateOptions({})));
    label.prepend(box);
    at('marks').append(label);
  }
}

// Share of requests that were slower, both axes logarithmic. Classes as lines; one chart a run, all
// over the same latencies.
function distributions() {
  const reached = runs.flatMap((r) => Object.values(r.distribution)).filter((c) => c.length > 1)
    .flatMap((curve) => curve.filter(([, slower]) => slower > 0).map(([latency]) => latency));
  if (!reached.length) return;
  const ends = reached.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)],
                              [Infinity, 0]).map(Math.log10);
  runs.forEach((run) => distribution(run, ends));
}
function distribution(run, ends) {
  const names = Object.keys(run.distribution).filter((n) => run.distribution[n].length > 1);
  if (!names.length) return;
  const rows = new Map();
  names.forEach((name, index) => {
    for (const [latency, slower] of run.distribution[name]) {
      if (slower <= 0) continue;
      if (!rows.has(latency)) rows.set(latency, new Array(names.length).fill(null));
      rows.get(latency)[index] = 100 * slower;
    }
  });
  const key = element('div', null, 'legend');
  const place = element('div', null, 'chart tall');
  place.setAttribute('role', 'img');
  place.setAttribute('aria-label', (many ? run.label + ': ' : '') +
    'share of requests that were slower, per class');
  at('distribution').append(...(many ? [element('h3', run.label)] : []), key, place);
  const data = [...rows].sort((a, b) => a[0] - b[0])
    .map(([x, values]) => [Math.log10(x), ...values]);
  new Dygraph(place, data, {
    labels: ['latency', ...names], connectSeparatedPoints: true, logscale: true, legend: 'always',
    dateWindow: ends, xlabel: 'latency of a request', ylabel: 'requests that took longer',
    labelsDiv: key, colors: names.map((n, i) => colours[i % colours.length]), strokeWidth: 1.6,
    series: Object.fromEntries(names.map((n, i) => [n,
      { strokePattern: dashes[i % dashes.length] }])),
    gridLineColor: 'rgba(128,128,128,0.25)', axisLineColor: '#888',
    legendFormatter: (d) => {
      const made = document.createDocumentFragment();
      if (d.x !== undefined) made.append(timeText(10 ** d.x) + '  ');
      for (const s of d.series) {
        const name = element('b', s.label);
        name.style.color = s.color;
        made.append(name, Number.isFinite(s.y) ? ' ' + units.percent(s.y) + '  ' : '  ');
      }
      return made;
    },
    axes: { x: { axisLabelFormatter: (v) => timeText(10 ** v), ticker: latencyTicks },
            y: { axisLabelFormatter: units.percent, axisLabelWidth: 80 } },
  });
}
function latencyTicks(low, high, pixels) {
  const ticks = [];
  const steps = pixels / (high - low) < 180 ? [1] : [1, 2, 5];  // a label needs some 50 pixels
  for (let power = Math.floor(low); power <= high; ++power) {
    for (const step of steps) {
      const v = power + Math.log10(step);
      if (v >= low && v <= high) ticks.push({ v, label: timeText(10 ** v) });
    }
  }
  return ticks;
}

marks();
explain();
overTime();
link();
bar();
distributions();
document.body.dataset.ready = 'yes';
// After the first frame was painted, for bench/report_load.py.
requestAnimationFrame(() => setTimeout(() => performance.mark('drawn')));

// Paper has nothing to click on.
addEventListener('beforeprint', () => {
  for (const part of document.querySelectorAll('details')) part.open = true;
});
