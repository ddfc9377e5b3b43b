/* SPDX-License-Identifier: Apache-2.0 */
/* Zoom of time: the drawings' own coordinates are mapped anew, so text and line widths stay. */

function zoomTime(by, about) {
  if (D.meta.seconds === undefined) return;
  const [a, b] = limits();
  const middle = about !== undefined && about !== null ? about : S.time === null ? (a + b) / 2 : S.time;
  const length = clamp((b - a) * by, D.meta.seconds / 200, D.meta.seconds);
  const from = clamp(middle - (middle - a) * length / (b - a), 0, D.meta.seconds - length);
  setWindow(length >= D.meta.seconds * 0.999 ? null : [from, from + length]);
  readout();
}

function setWindow(range) {
  if (!S.window && !range) return;
  S.window = range;
  L.forEach(rescale);
  drawCross();
}

function keepMarks(lane) {
  if (lane.marks) return;
  lane.marks = all('.zx path,.zx rect,.zx circle,.zx line,.zx text', lane.plots).map((e) => {
    const at = {};
    for (const name of ['d', 'x', 'x1', 'x2', 'cx', 'width']) if (e.hasAttribute(name)) at[name] = e.getAttribute(name);
    return { e, at, area: e.getAttribute('fill') !== 'none' };
  });
  lane.ticks = all('.tl', lane.plots).map((g) => ({ g, first: Array.from(g.childNodes) }));
  lane.grid = all('.gx path', lane.plots).map((e) => ({ e, d: e.getAttribute('d') }));
}

function rescale(lane) {
  keepMarks(lane);
  const [a, b] = limits();
  const whole = D.meta.seconds;
  const { x0, x1 } = lane;
  const k = whole / (b - a);
  const raw = (x) => x0 + (x - x0 - a / whole * (x1 - x0)) * k;
  for (const m of lane.marks) {
    if (m.at.d) { m.e.setAttribute('d', S.window ? mapPath(m.at.d, raw, x0, x1, m.area) : m.at.d); continue; }
    let seen = true;
    for (const name of ['x', 'x1', 'x2', 'cx']) if (m.at[name] !== undefined) {
      const x = raw(+m.at[name]);
      const end = m.at.width !== undefined ? raw(+m.at[name] + +m.at.width) : x;
      seen = end >= x0 - 0.5 && x <= x1 + 0.5;
      m.e.setAttribute(name, S.window ? clamp(x, x0, x1).toFixed(1) : m.at[name]);
      if (m.at.width !== undefined) m.e.setAttribute('width', S.window ? Math.max(clamp(end, x0, x1) - clamp(x, x0, x1), 0).toFixed(1) : m.at.width);
    }
    m.e.setAttribute('visibility', !S.window || seen ? 'inherit' : 'hidden');
  }
  all('.cx', lane.plots).forEach((g) => g.setAttribute('visibility', S.window ? 'hidden' : 'inherit'));
  newTicks(lane, a, b);
}

/* Absolute M, L, H, V, Z and h0 only. Areas are clamped to the plot; lines break at its edges. */
function mapPath(d, map, x0, x1, area) {
  const out = [];
  let x = 0, y = 0, down = false;
  for (const [, op, rest] of d.matchAll(/([MLHVZh])([^MLHVZh]*)/g)) {
    const n = rest.trim().split(/[ ,]+/).map(Number);
    if (op === 'Z' || op === 'h') { if (op === 'Z' || down) out.push(op + rest); continue; }
    const px = x, py = y, was = down;
    if (op === 'M' || op === 'L') [x, y] = [map(n[0]), n[1]];
    if (op === 'H') x = map(n[0]);
    if (op === 'V') y = n[0];
    const at = clamp(x, x0, x1);
    if (area) { out.push((op === 'M' ? 'M' : 'L') + at.toFixed(1) + ' ' + y); continue; }
    const inside = x >= x0 && x <= x1;
    const crosses = op !== 'M' && !(Math.max(px, x) < x0 || Math.min(px, x) > x1);
    down = op === 'M' ? inside : crosses;
    if (op === 'M') { if (inside) out.push('M' + at.toFixed(1) + ' ' + y); continue; }
    if (!crosses) continue;
    if (!was || px < x0 || px > x1) out.push('M' + clamp(px, x0, x1).toFixed(1) + ' ' + py);
    out.push('L' + at.toFixed(1) + ' ' + y);
  }
  return out.join('');
}

function newTicks(lane, a, b) {
  if (!S.window) {
    lane.ticks.forEach((t) => t.g.replaceChildren(...t.first));
    lane.grid.forEach((g) => g.e.setAttribute('d', g.d));
    return;
  }
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
  const most = lane.x1 - lane.x0 > 700 ? 7 : 5;
  const step = steps.find((s) => (b - a) / s <= most) || 86400;
  const start = D.meta.start_ms / 1000;
  const list = [];
  for (let t = Math.ceil((start + a) / step) * step; t <= start + b; t += step) list.push(t - start);
  lane.ticks.forEach((t) => {
    const model = t.first[0];
    t.g.replaceChildren(...(model ? list.map((at) => {
      const e = model.cloneNode();
      e.setAttribute('x', xOf(lane, at).toFixed(1));
      e.textContent = new Date((start + at) * 1000).toISOString().slice(11, step < 1 ? 21 : 19);
      return e;
    }) : []));
  });
  lane.grid.forEach((g) => {
    const y = /^M[\d.]+ ([\d.]+)V([\d.]+)/.exec(g.d);
    if (y) g.e.setAttribute('d', list.map((at) => 'M' + xOf(lane, at).toFixed(1) + ' ' + y[1] + 'V' + y[2]).join(''));
  });
}
