'use strict';
// Everything of the report but its charts. Texts of a run only ever become text nodes.
const { runs, differences, bucket_share: bucketShare } =
  JSON.parse(document.getElementById('data').textContent);
const many = runs.length > 1;
const first = runs[0];

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined && text !== null) made.textContent = text;
  if (className) made.className = className;
  return made;
}
const at = (id) => document.getElementById(id);
// Rounded as the terminal does: 2.05, which is a little less in binary, is 2.0.
const fixed = (value, digits) => Number(value.toFixed(digits)).toLocaleString('en', {
  minimumFractionDigits: digits, maximumFractionDigits: digits });

function timeText(seconds) {
  if (seconds === null) return 'unknown';
  if (seconds < 1e-9) return '0 s';
  if (seconds < 1) return Number((seconds * 1e3).toPrecision(3)) + ' ms';
  if (seconds < 120) return Number(seconds.toPrecision(3)) + ' s';
  return fixed(seconds / 60, 1) + ' min';
}
function shareText(share) {
  if (share === null) return 'unknown';
  const edge = Math.min(share, 1 - share);
  return fixed(100 * share, edge <= 0 || edge >= 0.01 ? 2 : 4) + ' %';
}
const whole = (value) => value === null ? 'unknown' : fixed(value, 0);
const monthOf = (run) => run.cost.month.mean ?? 0;
const dollars = (value) => value === null ? 'unknown' : fixed(value, 2) + ' USD';
// With half of its 95 % interval, where there is any chance in it.
function monthText(value, half) {
  if (value === null || !(half >= 0.005)) return dollars(value);
  const cell = element('span', dollars(value));
  cell.append(' ', element('span', '± ' + fixed(half, 2), 'hint'));
  return cell;
}
// As a person would write it: 99.9 %.
const limitText = (promise) => promise.is_time ? timeText(promise.limit)
  : +(100 * promise.limit).toPrecision(6) + ' %';
// "3 x 10,000 requests" where the unit is a number of things.
function quantityText(quantity, unit) {
  if (quantity === null) return '';
  const count = fixed(quantity, quantity < 100 ? 2 : 0);
  const [number, ...things] = unit.split(' ');
  return /^[0-9]+$/.test(number) ? count + ' x ' + fixed(Number(number), 0) + ' ' +
    things.join(' ') : count + ' ' + unit;
}
function inUnit(promise, value) {
  return promise.is_time ? timeText(value) : shareText(value);
}
// As many digits behind the point at both ends where there are as many in front: "2.20 s to 2.55 s".
function timeRangeText(low, high) {
  const [first, last] = [timeText(low), timeText(high)].map((text) => text.split(' '));
  const parts = (words) => words[0].split('.');
  const behind = Math.max(...[first, last].map((words) => (parts(words)[1] ?? '').length));
  const isAlike = first[1] === last[1] && parts(first)[0].length === parts(last)[0].length;
  const text = (words) => (isAlike && +words[0] > 0 ? Number(words[0]).toFixed(behind) : words[0]) +
    ' ' + words[1];
  return text(first) + ' to ' + text(last);
}
function intervalText(promise) {
  if (promise.is_time && promise.high !== null) {
    return timeRangeText(Math.max(0, promise.low), promise.high);
  }
  const high = promise.is_time || promise.high === null ? promise.high : Math.min(1, promise.high);
  return inUnit(promise, Math.max(0, promise.low)) + ' to ' + inUnit(promise, high);
}
// Milliseconds for the charts, as if local time were UTC: the viewer's own time zone is no matter.
const midnight = (run) => Date.parse((run.date || '2000-01-01') + 'T00:00:00Z');
const clockOf = (run, seconds) => midnight(run) + 1e3 * (run.start_of_day_s + seconds);
function clockText(run, seconds) {
  const time = new Date(clockOf(run, seconds)).toISOString().slice(11, 19);
  return time.endsWith(':00') ? time.slice(0, 5) : time;
}

function table(headings, rows) {
  const made = element('table');
  const head = made.createTHead().insertRow();
  for (const [text, right] of headings) {
    const cell = element('th', text, right ? 'right' : '');
    cell.scope = 'col';
    head.append(cell);
  }
  const body = made.createTBody();
  for (const cells of rows) {
    const row = body.insertRow();
    if (cells.className) row.className = cells.className;
    cells.forEach((cell, i) => {
      const place = row.insertCell();
      if (headings[i][1]) place.className = 'right';
      place.dataset.heading = headings[i][0];
      place.append(cell instanceof Node ? cell : String(cell ?? ''));
    });
  }
  return made;
}

// Tables with a column for every run, which a phone shows as long as they fit.
function sideBySide(headings, rows) {
  const made = table(headings, rows);
  made.className = 'side';
  made.style.setProperty('--runs', runs.length);
  return made;
}

// A month is 730 hours like those of the run; of a rush that is no month anybody will see.
const monthName = ({ setting }) => setting.is_short ? '730 hours as busy as this'
                                                    : 'a month like it (730 hours)';

// What the run itself cost and lost, before anything is said of a month.
function moneyLine(run) {
  const { placed, lost, value_lost_usd: value } = run.orders;
  return 'These ' + run.setting.length + ' cost ' + dollars(run.cost.run.mean ?? 0) +
    (lost.run > 0 ? ' and lost ' + fixed(lost.run, lost.run < 10 ? 1 : 0) + ' of ' +
      whole(lost.run + placed.run) + ' orders, worth ' + whole(value.run) + ' USD'
                  : ' and lost no orders') +
    '; ' + monthName(run) + ' would cost ' + whole(monthOf(run)) + ' USD.';
}

function showHead() {
  const head = at('head');
  head.append(element('h1', many ? 'Comparison: ' + runs.map((r) => r.label).join(', ')
                                 : first.scenario));
  if (first.question && runs.every((r) => r.question === first.question)) {
    head.append(element('p', first.question));
  }
  const isOneTime = runs.every((r) => r.setting.time === first.setting.time);
  if (many && isOneTime) head.append(element('p', 'Simulated: ' + first.setting.time + '.'));
  for (const run of runs) {
    const { time, shop } = run.setting;
    const line = element('p');
    line.append(element('span', run.verdict, 'verdict ' + run.verdict), ' ');
    const met = run.promises.filter((p) => p.verdict === 'met').length;
    line.append((many ? run.label + ': ' : '') + met + ' of ' + run.promises.length +
      ' promises met, ' + run.replications + ' replications, 95 % intervals');
    const setting = element('p', (many && isOneTime ? '' : 'Simulated: ' + time + '. ') +
      'The shop: ' + shop + '.', 'setting');
    if (!many) head.append(setting);
    head.append(line, element('p', moneyLine(run), 'money'));
    if (many) head.append(setting);
  }
}

function showContents() {
  for (const section of document.querySelectorAll('main section')) {
    const link = element('a', section.querySelector('h2').textContent);
    link.href = '#' + section.id;
    at('contents').append(link);
  }
}

function showPromises() {
  const names = [...new Set(runs.flatMap((r) => r.promises.map((p) => p.name)))];
  const find = (run, name) => run.promises.find((p) => p.name === name);
  const verdict = (p) => element('span', p.verdict, p.verdict);
  if (runs.some((r) => r.promises.some((p) => p.is_time))) {
    at('bucket').textContent = 'Percentiles of latency are read from a histogram whose buckets ' +
      'are at most ' + fixed(100 * bucketShare, 1) + ' % wide: ends of an interval that fall into one ' +
      'bucket print as the same number.';
  }
  if (!many) {
    const made = table(
      [['promise'], ['verdict'], ['limit', 1], ['measured', 1], ['95 % interval', 1], ['in words']],
      first.promises.map((p) => [p.name, verdict(p), limitText(p), inUnit(p, p.mean),
                                 intervalText(p), p.promise]));
    made.className = 'stack';  // on a phone, a block for each promise
    at('promise-table').append(made);
    return;
  }
  at('promise-table').append(sideBySide(
    [['promise'], ['limit', 1], ...runs.map((r) => [r.label, 1])],
    names.map((name) => {
      const some = runs.map((r) => find(r, name)).find(Boolean);
      return [name, limitText(some), ...runs.map((run) => {
        const p = find(run, name);
        if (!p) return 'not promised';
        const cell = element('span');
        cell.append(verdict(p), ' ' + inUnit(p, p.mean), element('br'),
                    element('span', intervalText(p), 'hint'));
        return cell;
      })];
    })));
}

// What a broken promise has in common with others: where it stuck, and what to try.
function reasonOf(p) {
  if (p.bottleneck) return 'At its limit then: ' + p.bottleneck + '. Try: ' + p.advice + '.';
  if (p.verdict === 'undecided') return 'More replications narrow the interval.';
  return p.advice;
}

// Empty where no resource was at its limit, and in files of older programs.
function saturationText(p) {
  if (!p.bottleneck || !(p.share > 0)) return '';
  return '; ' + p.bottleneck + ' was ' + fixed(100 * p.used, 0) + ' % used with ' +
    whole(p.waiting) + ' waiting in ' + fixed(100 * p.share, 0) +
    ' % of the minutes around the worst window';
}

function healthText(run) {
  const { servers, first_s: time, replications } = run.unhealthy;
  const some = (count) => count + (count === 1 ? ' server' : ' servers');
  return servers > 0 ? 'In the first replication the balancer\'s health checks failed ' +
    some(servers) + ', first at ' + clockText(run, time) + ': fewer were left until ' +
    'others took their place. It happened in ' + replications + ' of ' + run.replications +
    ' replications.'
    : 'The balancer\'s health checks failed servers in ' + replications + ' of ' +
      run.replications + ' replications, not in the first: fewer were left until others took ' +
      'their place.';
}

function showStory() {
  const story = at('story');
  for (const run of runs) {
    const broken = run.promises.filter((p) => p.verdict !== 'met');
    if (many) story.append(element('h3', run.label));
    if (!broken.length) {
      story.append(element('p', run.promises.length ? 'Every promise is kept.'
                                                    : 'The scenario makes no promises.'));
    }
    if (run.metastability) {
      const line = element('p');
      line.append(element('b', 'Metastable failure'), ': ' + run.metastability);
      story.append(line);
    }
    if (run.unhealthy) story.append(element('p', healthText(run), 'unhealthy'));
    for (const reason of new Set(broken.map(reasonOf))) {
      const list = element('ul');
      for (const p of broken.filter((one) => reasonOf(one) === reason)) {
        const line = element('li');
        line.append(element('b', p.name), ': ' + p.promise + ', ' + p.verdict +
          (p.first_breach_s === null ? '' : '; broken in ' + p.broken_in + ' of ' +
            run.replications + ' replications, first from ' + clockText(run, p.first_breach_s) + ' on') +
          saturationText(p) + '.');
        list.append(line);
      }
      story.append(list, element('p', reason, 'reason'));
    }
    if (broken.some((p) => p.promise.includes(' in every '))) {
      story.append(element('p', 'A window, as in "in every 5 min", is named by its begin: what ' +
        'broke it may lie up to its length later.', 'hint'));
    }
  }
}

// What the tiers are called, and which of them stand behind the web servers, side by side.
const tierNames = { edge: 'CloudFront and WAF', balancer: 'load balancer', web: 'web servers',
  cache: 'cache', pool: 'connection pool', database: 'database', storage: 'S3 and files' };
const behindWeb = [['cache'], ['pool', 'database'], ['storage']];

function tierBox(tier, share) {
  if (!tier.visits) return element('div', tierNames[tier.tier], 'tier');
  const box = element('div', null, 'tier');
  box.append(element('b', tierNames[tier.tier] ?? tier.tier));
  if (tier.busiest !== null) {
    const load = Math.min(1, tier.busiest);
    box.style.background = 'color-mix(in srgb, #d55e00 ' + Math.round(75 * load) + '%, transparent)';
    box.append(element('div', +(100 * tier.busiest).toPrecision(2) +
      ' % CPU in the busiest minute'));
  }
  box.append(element('div', timeText(tier.queue_s) + ' waiting, ' + timeText(tier.service_s) +
    ' served', 'hint'), element('div', Math.round(100 * share) + ' % of a page\'s time', 'hint'));
  return box;
}

function showTiers() {
  for (const run of runs) {
    if (many) at('chain').append(element('h3', run.label));
    const pages = Math.max(...run.tiers.map((t) => t.visits));
    const time = (t) => (t.queue_s + t.service_s) * t.visits / pages;
    const all = run.tiers.reduce((sum, t) => sum + time(t), 0);
    const find = (name) => run.tiers.find((t) => t.tier === name) ??
      (name === 'balancer' ? { tier: name } : null);  // its few ms are not measured apart
    const boxes = (names) => names.map(find).filter(Boolean)
      .map((t) => tierBox(t, all > 0 ? time(t) / all : 0));
    const map = element('div', null, 'topology');
    map.append(element('div', 'customers', 'tier'), ...boxes(['edge', 'balancer', 'web']));
    const branches = element('div', null, 'branches');
    for (const names of behindWeb) {
      const branch = element('div', null, 'branch');
      branch.append(...boxes(names));
      if (branch.childElementCount) branches.append(branch);
    }
    map.append(branches);
    at('chain').append(map);
  }
}

function showEvents() {
  const rows = runs.flatMap((run) => run.events.map((e) =>
    [clockText(run, e.time_s), ...(many ? [run.label] : []), e.kind, e.text]));
  const list = at('event-list');
  list.querySelector('summary').textContent =
    rows.length + ' faults, alarms and scaling activities of the first replication';
  if (!rows.length) return;
  list.append(table([['clock'], ...(many ? [['run']] : []), ['kind'], ['what']], rows));
}

// What the month of a bill is, and what its intervals are.
function monthHint(run) {
  const isShort = runs.some((r) => r.setting.is_short);
  const isOneLength = runs.every((r) => r.setting.length === run.setting.length);
  return 'A month is 730 hours like ' +
    (isOneLength ? 'these ' + run.setting.length : 'those of each run') + (isShort
    ? ': it compares shops at this traffic and forecasts no month\'s bill, which has quiet ' +
      'hours, too.'
    : ', not a year\'s mix of days.') + ' ± is half of a 95 % interval; that of a sum comes from ' +
    'the sums of the replications' + (run.cost.month.half === null
      ? ', which a file of an older program lacks.' : '.');
}

function showBill() {
  const total = (cells) => Object.assign(cells, { className: 'total' });
  if (!many) {
    const rows = first.bill.map((b) => [b.service, b.item,
      quantityText(b.month_quantity, b.unit), dollars(b.run_usd),
      monthText(b.month_usd, b.month_half_width_usd),
      b.price_date + ' ' + b.source]);
    const { lost, value_lost_usd: value } = first.orders;
    rows.push(total(['total of the known', '', '', dollars(first.cost.run.mean ?? 0),
                     monthText(monthOf(first), first.cost.month.half), '']),
              ['not in the bill', 'value of orders lost', whole(lost.month) + ' orders',
               dollars(value.run), dollars(value.month), '']);
    at('bill-table').append(table([['service'], ['item'], ['a month', 1], ['this run', 1],
                                   [monthName(first), 1], ['price of']], rows),
                            element('p', monthHint(first), 'hint'));
    return;
  }
  const services = [...new Set(runs.flatMap((r) => r.bill.map((b) => b.service)))];
  const of = (run, service) => {
    const { month } = run.cost.services.find((s) => s.service === service) ??
      { month: { mean: null, half: null } };
    return monthText(month.mean, month.half);
  };
  const each = (text, value) => [text, ...runs.map(value)];
  const rows = services.map((s) => each(s, (r) => of(r, s)));
  rows.push(total(each('total of the known',
                       (r) => monthText(monthOf(r), r.cost.month.half))),
            each('orders placed', (r) => whole(r.orders.placed.month)),
            each('known cost of an order', (r) => r.orders.placed.month > 0
              ? dollars(monthOf(r) / r.orders.placed.month) : 'unknown'),
            total(each('value of orders lost', (r) => dollars(r.orders.value_lost_usd.month))));
  const month = monthName(runs.find((r) => r.setting.is_short) ?? first);
  at('bill-table').append(
    sideBySide([['service, ' + month], ...runs.map((r) => [r.label, 1])], rows),
    element('p', monthHint(first) + ' How far two runs are apart is known better than either: see ' +
      'What differs.', 'hint'));
}

function showAssumptions() {
  const place = at('assumption-table');
  place.parentElement.querySelector('summary').textContent =
    first.assumptions.length + ' assumptions' + (many ? ' of ' + first.label : '');
  place.append(table([['key'], ['value'], ['meaning'], ['source']],
    first.assumptions.map((a) => [a.key, a.value, a.meaning, a.source])));
}

function download(name, text) {
  const button = element('button', 'Save ' + name);
  button.addEventListener('click', () => {
    const link = element('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/yaml' }));
    link.download = name;
    link.click();
  });
  return button;
}
function showCommand() {
  for (const run of runs) {
    const stem = many ? run.label.replace(/[^A-Za-z0-9_-]+/g, '_') + '.' : '';
    const files = [stem + 'scenario.yaml', stem + 'platform.yaml'];
    at('command').append(
      element('p', 'shopsim ' + run.version + ', with both files as they were run (every default ' +
        'filled in):'),
      element('pre', 'shopsim run ' + files[0] + ' --platform ' + files[1] + ' --seed ' + run.seed +
        ' --replications ' + run.replications),
      download(files[0], run.scenario_yaml), download(files[1], run.platform_yaml));
  }
}

for (const show of [showHead, showPromises, showStory, showTiers, showEvents, showBill,
                    showAssumptions, showCommand]) show();
