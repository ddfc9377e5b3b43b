/* SPDX-License-Identifier: Apache-2.0 */
/* The lanes: pin of a function, crosshair, readouts, ranges. */

function pin(fn, keep) {
  S.pinned = S.pinned === fn && !keep ? 0 : fn;
  const id = String(D.ids[S.pinned] || '');
  all('[data-f]').forEach((e) => e.classList.toggle('on', !!S.pinned && e.dataset.f === id));
  all('svg.lanes').forEach((s) => s.classList.toggle('pin', !!S.pinned && !!s.querySelector('.band.on')));
  if (V) draw();
  readout();
  saveHash();
}

const L = [];
const limits = () => S.window || [0, D.meta.seconds];

function buildLanes() {
  const figure = byId('lanes');
  if (!figure || D.meta.seconds === undefined) return;
  byId('readout').hidden = false;
  for (const svg of all('svg.lanes', figure)) {
    const plots = svg.querySelector('.plots');
    const lane = { svg, plots, x0: +plots.dataset.x0, x1: +plots.dataset.x1, ys: plots.dataset.ys.split(' ').map(Number), panels: [], marks: null };
    lane.brush = makeSvg('g', { class: 'brush' });
    lane.cross = makeSvg('g', { class: 'cross' });
    svg.append(lane.brush, lane.cross);
    for (const g of all('.panel', svg))
      lane.panels.push({ x: +g.dataset.x, w: +g.dataset.w, a: +g.dataset.a, b: +g.dataset.b, ys: g.dataset.ys.split(' ').map(Number) });
    L.push(lane);
    laneEvents(lane);
  }
  const peak = D.series.find((s) => /^(HeapAlloc|heap live)$/.test(s.about.name));
  const bar = make('div', { class: 'fbar' },
    button('Peak live heap', () => jump(peakTime(peak))),
    button('Largest rise', () => jump(riseTime())),
    D.marks[1].time.length ? button('Longest stop', () => jump(longest(D.marks[1]))) : '',
    button('Zoom in', () => zoomTime(0.5), { title: '+' }), button('Zoom out', () => zoomTime(2), { title: '-' }),
    button('Clear', clearTime, { title: 'Esc' }));
  figure.before(bar);
  const box = figure.querySelector('.scroll');
  box.addEventListener('keydown', laneKeys);
  box.addEventListener('wheel', (e) => {
    if (!e.ctrlKey) return;
    e.preventDefault();
    zoomTime(e.deltaY > 0 ? 1.25 : 0.8, S.hover);
  }, { passive: false });
  readout();
}

function maxAt(list, time) {
  let best = 0;
  list.forEach((v, i) => { if (v > list[best]) best = i; });
  return list.length ? time[best] : null;
}

function shotTotals() {
  const tree = D.trees[0];
  return tree.about.times.map((t, s) => sum(tree.values[0][s].value));
}

const peakTime = (s) => s ? maxAt(Array.from(s.value), s.time) : maxAt(shotTotals(), D.trees[0].about.times);
const longest = (marks) => maxAt(Array.from(marks.length), marks.time);

function riseTime() {
  const totals = shotTotals();
  return maxAt(totals.map((v, i) => i ? v - totals[i - 1] : -Infinity), D.trees[0].about.times);
}

function jump(t) {
  if (t === null) return;
  if (S.window && (t < S.window[0] || t > S.window[1])) setWindow(null);
  pinTime(t);
}

const xOf = (lane, t) => { const [a, b] = limits(); return lane.x0 + (t - a) / (b - a) * (lane.x1 - lane.x0); };

/* A magnified panel has seconds of its own. */
function timeAt(lane, event) {
  const b = lane.svg.getBoundingClientRect();
  const box = lane.svg.viewBox.baseVal;
  const x = (event.clientX - b.left) * box.width / b.width;
  const y = (event.clientY - b.top) * box.height / b.height;
  for (const p of lane.panels)
    if (y >= p.ys[0] && y <= p.ys[1] + 20) {
      if (x >= p.x && x <= p.x + p.w) return p.a + (x - p.x) / p.w * (p.b - p.a);
      if (p === lane.panels[lane.panels.length - 1]) return null;
    }
  if (x < lane.x0 - 4 || x > lane.x1 + 4) return null;
  const [from, to] = limits();
  return clamp(from + (x - lane.x0) / (lane.x1 - lane.x0) * (to - from), 0, D.meta.seconds);
}

function verticals(group, x, ys) {
  for (let i = 0; i + 1 < ys.length; i += 2)
    group.append(makeSvg('line', { x1: x.toFixed(1), x2: x.toFixed(1), y1: ys[i], y2: ys[i + 1], class: 's-text', stroke: '#16191d' }));
}

function drawCross() {
  const t = S.hover === null ? S.time : S.hover;
  for (const lane of L) {
    lane.cross.replaceChildren();
    if (t !== null && xOf(lane, t) >= lane.x0 - 0.5 && xOf(lane, t) <= lane.x1 + 0.5) verticals(lane.cross, xOf(lane, t), lane.ys);
    if (t !== null) for (const p of lane.panels)
      if (t >= p.a && t <= p.b) verticals(lane.cross, p.x + (t - p.a) / (p.b - p.a) * p.w, p.ys);
    lane.brush.replaceChildren();
    for (const [range, cls] of [[S.base, 'base'], [S.range, 'range']]) if (range) drawRange(lane, range, cls);
  }
  const near = t === null || D.trees[0].about.name !== 'heap' ? NaN : D.trees[0].about.times[nearestShot(t, 0)];
  all('.snap').forEach((e) => e.classList.toggle('on', Math.abs(e.dataset.t - near) < 0.002));
}

function drawRange(lane, range, cls) {
  const x = range.map((t) => clamp(xOf(lane, t), lane.x0, lane.x1));
  for (let i = 0; i + 1 < lane.ys.length; i += 2)
    lane.brush.append(makeSvg('rect', { class: cls, x: x[0].toFixed(1), width: Math.max(x[1] - x[0], 1).toFixed(1), y: lane.ys[i], height: lane.ys[i + 1] - lane.ys[i] }));
  x.forEach((at) => verticals(lane.brush, at, lane.ys));
}

function valueAt(s, t) {
  let low = 0;
  let high = s.time.length;
  while (low < high) { const mid = low + high >> 1; if (s.time[mid] <= t) low = mid + 1; else high = mid; }
  return s.value[Math.max(low - 1, 0)];
}

function seriesText(s, t) {
  const v = valueAt(s, t);
  const unit = s.about.unit;
  return s.about.name + ' ' + (unit === 'bytes' ? bytes(v) : unit === 'count' ? count(v) : v.toFixed(v < 1 ? 2 : 1) + (unit === '%' ? '%' : NBSP + unit));
}

function readout() {
  const out = byId('readout');
  if (!out || !L.length) return;
  const t = S.hover === null ? S.time : S.hover;
  const parts = [];
  if (t !== null) {
    out.replaceChildren(make('b', {}, clock(t) + (S.elapsed ? '' : ' UTC')));
    if (D.trees[0].about.name === 'heap') {
      const i = nearestShot(t, 0);
      const tree = D.trees[0];
      const self = selfOf(tree, 0, i);
      parts.push('snapshot ' + (i + 1) + ' of ' + tree.about.times.length + ' (' + clock(tree.about.times[i]) + '): live ' + bytes(sum(self)));
      if (S.pinned) parts.push(forms(S.pinned)[2] + ' ' + bytes(functionTotal(tree, self, S.pinned)));
    }
    D.series.forEach((s) => parts.push(seriesText(s, t)));
    if (S.hover === null) parts.push('pinned');
  } else {
    out.replaceChildren();
    parts.push(S.pinned ? 'Pinned: ' + D.shown[S.pinned] + ' (Esc clears)' : 'Point at the lanes to read them; drag to compare two times. Left and right step between snapshots.');
  }
  if (S.range) parts.push(clock(S.range[0]) + ' to ' + clock(S.range[1]) + ', ' + span(S.range[1] - S.range[0]) + rangeShots());
  out.append((t === null ? '' : '  \u00b7  ') + parts.join('  \u00b7  '));
  drawCross();
}

function rangeShots() {
  if (S.against < 0) return '';
  const list = times();
  const from = S.base ? S.base[1] : S.range[0];
  return ': change from snapshot ' + (S.against + 1) + ' (' + span(Math.abs(list[S.against] - from)) + ' away) to ' +
    (S.show + 1) + ' (' + span(Math.abs(list[S.show] - S.range[1])) + ' away)';
}

/* Live bytes of all stacks through a function; nested frames count once. */
function functionTotal(tree, self, fn) {
  let sum = 0;
  for (let i = 1; i < tree.n;) {
    if (tree.fn[i] !== fn) { i++; continue; }
    for (let k = i; k < tree.end[i]; k++) sum += self[k];
    i = tree.end[i];
  }
  return sum;
}

function pinTime(t) {
  S.time = t;
  S.hover = null;
  if (t !== null && !S.range) { const i = nearestShot(t); if (i !== S.show || S.against >= 0) { S.show = i; S.against = -1; refresh(); } }
  readout();
  saveHash();
}

function goTo(t) { S.range = S.base = null; pinTime(t); }

function setRange(range, base) {
  if (base) S.base = range; else S.range = range;
  if (S.range) {
    S.against = nearestShot(S.base ? S.base[1] : S.range[0]);
    S.show = nearestShot(S.range[1]);
    if (S.against === S.show) S.against = Math.max(0, S.show - 1) === S.show ? -1 : S.show - 1;
    refresh();
  }
  readout();
  saveHash();
}

function clearTime() {
  S.time = S.hover = S.range = S.base = null;
  S.against = -1;
  setWindow(null);
  refresh();
  readout();
}

function laneEvents(lane) {
  let from = null;
  let moved = false;
  lane.svg.addEventListener('pointermove', (e) => {
    const t = timeAt(lane, e);
    S.hover = t;
    if (from !== null && t !== null && Math.abs(xOf(lane, t) - xOf(lane, from)) > 5) {
      moved = true;
      S[e.shiftKey ? 'base' : 'range'] = [Math.min(from, t), Math.max(from, t)];
    }
    readout();
  });
  lane.svg.addEventListener('pointerleave', () => { S.hover = null; readout(); });
  lane.svg.addEventListener('pointerdown', (e) => {
    if (e.button || e.pointerType === 'touch') return; /* a finger scrolls */
    from = timeAt(lane, e);
    moved = false;
  });
  window.addEventListener('pointerup', (e) => {
    if (from !== null && moved) setRange(e.shiftKey ? S.base : S.range, e.shiftKey);
    from = null;
  });
  lane.svg.addEventListener('click', (e) => {
    if (moved) { moved = false; return; }
    const shot = e.target.closest('.snap');
    const band = e.target.closest('.band[data-f]');
    if (shot) { goTo(+shot.dataset.t); return; }
    if (band && D.byString.has(+band.dataset.f)) pin(D.byString.get(+band.dataset.f));
    goTo(timeAt(lane, e));
  });
}

function laneKeys(e) {
  if (e.ctrlKey || e.altKey || e.metaKey) return;
  const list = D.trees[0].about.times;
  if (e.key === 'ArrowLeft' || e.key === 'ArrowRight') {
    const by = e.key === 'ArrowRight' ? 1 : -1;
    const now = S.time === null ? (by > 0 ? -1 : list.length) : nearestShot(S.time, 0);
    const to = list[clamp(now + by, 0, list.length - 1)];
    if (e.shiftKey && S.time !== null) {
      const other = S.range ? (S.range[0] === S.anchor ? S.range[1] : S.range[0]) : S.time;
      if (!S.range) S.anchor = S.time;
      const edge = list[clamp(nearestShot(other, 0) + by, 0, list.length - 1)];
      setRange([Math.min(S.anchor, edge), Math.max(S.anchor, edge)]);
    } else goTo(to);
    e.preventDefault();
  }
  if (e.key === 'ArrowUp' || e.key === 'ArrowDown') {
    const bands = all('.band[data-f]', L[0].svg).map((b) => D.byString.get(+b.dataset.f)).filter(Boolean);
    if (bands.length) pin(bands[(bands.indexOf(S.pinned) + (e.key === 'ArrowUp' ? 1 : bands.length + (S.pinned ? -1 : 0))) % bands.length], true);
    e.preventDefault();
  }
  if (e.key === '+' || e.key === '-') { zoomTime(e.key === '+' ? 0.5 : 2); e.preventDefault(); }
}
