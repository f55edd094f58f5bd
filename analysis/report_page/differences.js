'use strict';
// What differs between runs that are laid side by side, and by how much: the page's argument.
const quantityIn = (row, value) => row.unit === 's' ? timeText(value)
  : row.unit === 'share' ? shareText(value)
  : row.unit === 'USD' ? dollars(value) : whole(value);

// "-2.96 s": timeText and shareText know no signs.
function signed(row, value) {
  if (value === null) return 'unknown';
  const text = quantityIn(row, Math.abs(value));
  return (value < 0 ? '-' : value > 0 ? '+' : '') + text;
}
// With as many digits at both ends as the intervals of the promises have, where both have one sign.
function rangeOf(row) {
  if (row.unit !== 's' || row.low === null || row.low * row.high <= 0) {
    return signed(row, row.low) + ' to ' + signed(row, row.high);
  }
  const sign = row.low < 0 ? '-' : '+';
  return timeRangeText(Math.abs(row.low), Math.abs(row.high)).split(' to ')
    .map((end) => sign + end).join(' to ');
}
const isNothing = (row) => row.low !== null && row.low <= 0 && row.high >= 0;

// "4,628.10 USD (4,000.00 to 5,256.20) more", or that it may as well be nothing.
function moreText(row) {
  const side = row.mean < 0 ? -1 : 1;
  if (row.mean === 0 && row.half === 0) return 'as much';
  const ends = [side * row.low, side * row.high].sort((a, b) => a - b);
  return dollars(side * row.mean) + ' (95 % interval ' + fixed(ends[0], 2) + ' to ' +
    fixed(ends[1], 2) + ') ' + (side > 0 ? 'more' : 'less') +
    (isNothing(row) ? ', which may as well be nothing' : '');
}

// Which promises one keeps and the other does not.
function promiseSentences(base, run) {
  const met = (of, name) => of.promises.some((p) => p.name === name && p.verdict === 'met');
  const kept = (a, b) => a.promises.filter((p) => b.promises.some((q) => q.name === p.name) &&
    met(a, p.name) && !met(b, p.name)).map((p) => p.name);
  const text = (a, b) => {
    const names = kept(a, b);
    if (!names.length) return '';
    return a.label + ' keeps ' + names.length + (names.length > 1 ? ' promises' : ' promise') +
      ' that ' + b.label + ' does not (' + names.join(', ') + '). ';
  };
  return text(run, base) + text(base, run) ||
    run.label + ' keeps the same promises as ' + base.label + '. ';
}

function moneySentences(base, run, rows) {
  const row = (id) => rows.find((r) => r.id === id);
  const month = row('month'), machines = row('machines'), lost = row('lost'), pages = row('pages');
  let text = '';
  if (month) {
    text += (run.setting.is_short ? 'In 730 hours as busy as this it would cost '
                                  : 'A month (730 hours) like it costs ') + moreText(month) + '. ';
  } else {
    text += 'What it costs more or less is not known: an older program wrote a file. ';
  }
  if (lost) {
    text += 'It loses ' + shareText(lost.own) + ' of the orders' +
      (lost.own === lost.of_first ? ', as ' + base.label + ' does. '
                                  : ' instead of ' + shareText(lost.of_first) + '. ');
  }
  if (pages && month && !isNothing(pages) && Math.abs(pages.mean) > 0.01 * pages.of_first) {
    const [fewer, other] = pages.mean > 0 ? [base.label, run.label] : [run.label, base.label];
    text += 'It answered ' + whole(pages.own) + ' pages in this run, ' + base.label + ' ' +
      whole(pages.of_first) + ': part of the difference in cost is traffic that ' + fewer +
      ' turned away or kept waiting and ' + other + ' did not. ';
    if (machines) text += 'EC2, RDS and ElastiCache alone: ' + moreText(machines) + '.';
  }
  return text;
}

function wide(made) {
  const box = element('div', null, 'wide');
  box.append(made);
  return box;
}

function differenceTable(base) {
  const names = differences.runs.flatMap((d) => d.rows.map((r) => r.name));
  const rows = [...new Set(names)].map((name) => [name, ...differences.runs.map((d) => {
    const row = d.rows.find((r) => r.name === name);
    if (!row) return d.why_unpaired ? 'not paired' : 'unknown';
    const cell = element('span', signed(row, row.mean) + (isNothing(row) ? ' ~' : ''));
    cell.append(element('br'), element('span', rangeOf(row), 'hint'));
    return cell;
  })]);
  return wide(sideBySide([['minus ' + base.label],
                     ...runs.slice(1).map((r) => [r.label, 1])], rows));
}

function keyTable() {
  const shown = (value) => value === '' ? '(absent)' : value;
  return wide(sideBySide([['key'], ...runs.map((r) => [r.label, 1])],
    differences.keys.map((k) => [k.key, ...k.values.map(shown)])));
}

function showKeys(section) {
  const { keys } = differences;
  if (!keys.length) {
    section.append(element('p', 'Scenario and platform are the same, value by value.'));
  } else if (keys.length <= 12) {
    section.append(keyTable());
  } else {
    const fold = element('details');
    fold.append(element('summary', keys.length + ' values of scenario and platform'), keyTable());
    section.append(fold);
  }
}

function showDifferences() {
  const section = at('differences');
  if (!many) {
    section.remove();
    return;
  }
  runs.slice(1).forEach((run, i) => {
    const { why_unpaired: why, rows } = differences.runs[i];
    const line = element('p', promiseSentences(first, run), 'difference');
    line.append(why ? 'How far they are apart has no interval: ' + why
                    : moneySentences(first, run, rows));
    section.append(line);
  });
  showKeys(section);
  if (differences.runs.some((d) => d.rows.length)) {
    section.append(differenceTable(first), element('p', 'Mean of the differences from ' +
      first.label + ', replication by replication with the same customers, and its 95 % ' +
      'interval (Student\'s t), as shopsim compare prints it; of shares in percentage points. ' +
      '~ marks what may as well be nothing.', 'hint'));
  }
}
showDifferences();
showContents();
