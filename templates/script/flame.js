/* SPDX-License-Identifier: Apache-2.0 */
/* The flame graph: only the rows in sight are placed and drawn. */

const ROW = 20;
const ADVANCE = 7.2;
const F = { rects: [], colours: {} };

function buildFlame() {
  const host = byId('flame-figure');
  const dom = {
    bar: make('div', { class: 'fbar' }),
    status: make('p', { class: 'fstat', id: 'flame-status' }, 'Point at a frame.'),
    box: make('div', { class: 'cv' }),
    inner: make('div'),
    canvas: make('canvas', {
      tabindex: '0', role: 'application', id: 'flame-canvas', 'aria-label': 'Flame graph', 'aria-describedby': 'flame-status'
    }),
    tip: make('div', { class: 'tip', hidden: true })
  };
  dom.inner.append(dom.canvas);
  dom.box.append(dom.inner);
  F.dom = dom;
  F.context = dom.canvas.getContext('2d');
  if (!F.context) throw new Error('no canvas');
  const live = make('div', { class: 'live' }, dom.bar, dom.status, dom.box, dom.tip);
  host.before(live);
  flameControls();
  flameEvents();
  new ResizeObserver(() => draw()).observe(dom.box);
}

function selector(label, id, options, change) {
  const s = make('select', { id, on: { change: () => change(+s.value) } });
  options.forEach(([value, text]) => s.append(make('option', { value }, text)));
  return make('span', {}, make('label', { for: id }, label + ' '), s);
}

function button(text, run, extra) { return make('button', Object.assign({ type: 'button', on: { click: run } }, extra), text); }

function shotName(i) {
  const list = times();
  return D.meta.sides ? D.meta.sides[i] : (i + 1) + ' of ' + list.length + ', ' + clock(list[i]);
}

function flameControls() {
  const bar = F.dom.bar;
  bar.textContent = '';
  const metrics = [];
  D.trees.forEach((t, i) => t.about.metrics.forEach((m, k) => metrics.push([i * 2 + k, m])));
  const list = times().map((t, i) => [i, shotName(i)]);
  bar.append(selector('Show', 'f-metric', metrics, chooseMetric));
  byId('f-metric').value = S.tree * 2 + S.metric;
  bar.append(selector('at', 'f-show', list, (v) => { S.show = v; refresh(); }));
  byId('f-show').value = S.show;
  if (list.length > 1) {
    bar.append(selector('against', 'f-against', [[-1, 'nothing'], ...list], (v) => { S.against = v; refresh(); }));
    byId('f-against').value = S.against;
  }
  bar.append(
    button(S.flip ? 'Leaves on top' : 'Root on top', () => toggle('flip'), { 'aria-pressed': S.flip, title: 'i' }),
    button('Recursion', () => toggle('collapse'), { 'aria-pressed': S.collapse, title: 'r: fold repeated frames' }),
    button('Reset', resetZoom, { title: '0' }),
    button('Menu', () => openMenu(), { title: 'm', id: 'f-menu' }));
  if (S.focus)
    bar.append(button((S.focus.callers ? 'Callers of ' : 'Callees of ') + forms(S.focus.fn)[1] + ' \u00d7', () => { S.focus = null; anew(); }));
  if (S.hidden.size)
    bar.append(button(S.hidden.size + ' hidden \u00d7', () => { S.hidden.clear(); anew(); }));
  const folded = D.trees[S.tree].about.folded;
  if (folded) bar.append(make('span', {}, count(folded) + ' small frames are folded into (other)'));
}

function anew() { S.zoom = 0; refresh(); }

function toggle(key) { S[key] = !S[key]; anew(); }

function resetZoom() { setWindow(null); anew(); }

function chooseMetric(v) {
  const tree = v >> 1;
  const at = times()[S.show];
  if (tree !== S.tree) { S.tree = tree; S.show = nearestShot(at); S.against = D.meta.sides ? 1 - S.show : -1; S.zoom = 0; }
  S.metric = v & 1;
  refresh();
}

function refresh() {
  const active = document.activeElement && document.activeElement.id;
  flameControls();
  compose();
  legend();
  draw();
  saveHash();
  if (active && byId(active)) byId(active).focus();
}

/* The page has both legends: that of the change stands in its own section. */
function legend() {
  const own = document.querySelector('#flame .lg');
  const origin = byId('legend-origin'); /* of a diff, whose own legend is that of the change */
  if (origin) { own.hidden = !V.b; origin.hidden = !!V.b; return; }
  const change = document.querySelector('#diff .lg');
  const copy = byId('legend-change');
  own.hidden = !!(V.b && change);
  if (copy) copy.hidden = !V.b;
  else if (V.b && change) { const c = change.cloneNode(true); c.id = 'legend-change'; own.after(c); }
}

function readColours() {
  const css = getComputedStyle(page);
  for (const t of ['bg', 'surface', 'text', 'edge', 'ftext', 'match', 'mtext', 'oapp', 'odep', 'ostd', 'orun', 'ocgo',
    'd-3', 'd-2', 'd-1', 'd0', 'd1', 'd2', 'd3', 'b5', 'bad', 'link', 'muted'])
    F.colours[t] = css.getPropertyValue('--' + t).trim();
}

function fill(i) {
  if (!i) return F.colours.surface;
  if (V.b) return F.colours['d' + step(i)];
  return F.colours[['oapp', 'odep', 'ostd', 'orun', 'ocgo', 'surface'][D.origin[V.tree.fn[i]]]];
}

/* Frames of the rows that are in sight. Ancestors of the zoom fill the width. */
function place(width, last) {
  const { tree, weight } = V;
  const rects = [];
  for (let i = S.zoom; i; i = tree.parent[i]) rects.push({ i: tree.parent[i], x: 0, w: width, row: tree.depth[tree.parent[i]], dim: true });
  if (!(weight[S.zoom] > 0)) return rects;
  const scale = width / weight[S.zoom];
  const open = [[S.zoom, 0]];
  while (open.length) {
    const [i, x] = open.pop();
    const row = tree.depth[i];
    rects.push({ i, x, w: weight[i] * scale, row });
    if (row >= last) continue;
    let at = x;
    const kids = childrenOf(i);
    for (let k = 0; k < kids.length; k++) {
      const w = weight[kids[k]] * scale;
      if (w < 0.5) {
        let rest = 0;
        for (; k < kids.length; k++) rest += weight[kids[k]] * scale;
        if (rest >= 0.5) rects.push({ i: -1, x: at, w: rest, row: row + 1 });
        break;
      }
      open.push([kids[k], at]);
      at += w;
    }
  }
  return rects;
}

function label(i, room) {
  if (!i) return 'root \u00b7 ' + (V.b ? amount(V.b[0]) + ' to ' : '') + amount(V.a[0]);
  const mark = D.suspects.has(V.tree.fn[i]) ? '\u25b2' + D.suspects.get(V.tree.fn[i]) + ' ' : '';
  if (V.b) {
    const delta = V.a[i] - V.b[i];
    const words = !delta ? '' : step(i) ? ' ' + signed(delta, inUnit(Math.abs(delta), unitOf(amount(Math.max(V.a[0], V.b[0]))))) : ' ~';
    const text = fit(forms(V.tree.fn[i]), room - mark.length - words.length);
    return text ? mark + text + words : words.length - 1 <= room ? words.slice(1) : '';
  }
  const text = fit(forms(V.tree.fn[i]), room - mark.length);
  const value = ' \u00b7 ' + amount(V.a[i]);
  return text && mark + text + (mark.length + text.length + value.length <= room ? value : '');
}

function draw() {
  if (!V) return;
  const { box, inner, canvas } = F.dom;
  const rows = V.tree.deepest + 1;
  const high = Math.min(rows * ROW, Math.max(240, Math.round(window.innerHeight * 0.6)));
  box.style.height = high + 2 + 'px';
  inner.style.height = rows * ROW + 'px';
  const width = box.clientWidth;
  const ratio = window.devicePixelRatio || 1;
  canvas.style.height = high + 'px';
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(high * ratio);
  const c = F.context;
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, width, high);
  c.font = '12px ui-monospace, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace';
  const first = Math.floor(box.scrollTop / ROW);
  F.rects = place(width, first + Math.ceil(high / ROW)).filter((r) => r.row >= first);
  F.offset = box.scrollTop;
  for (const r of F.rects) drawFrame(c, r, r.row * ROW - F.offset);
  canvas.setAttribute('aria-label', 'Flame graph, ' + D.trees[S.tree].about.metrics[S.metric] + ', ' + shotName(S.show) +
    (S.against >= 0 ? ' against ' + shotName(S.against) : ''));
}

function drawFrame(c, r, y) {
  const { i, x, w } = r;
  c.globalAlpha = r.dim ? 0.55 : 1;
  if (i < 0) { c.fillStyle = F.colours.b5; c.fillRect(x, y, w, ROW - 1); c.globalAlpha = 1; return; }
  const hit = S.match && i && S.match[V.tree.fn[i]];
  c.fillStyle = hit ? F.colours.match : fill(i);
  c.fillRect(x, y, w, ROW - 1);
  if (V.b && w >= 1) {
    const split = w * V.b[i] / V.weight[i];
    const s = step(i);
    c.fillStyle = F.colours.b5;
    c.fillRect(x, y + ROW - 5, split, 4);
    c.fillStyle = s > 0 ? F.colours.bad : s < 0 ? F.colours.link : F.colours.muted;
    c.fillRect(x + split, y + ROW - 5, w - split, 4);
  }
  if (w >= 4) { c.lineWidth = 1; c.strokeStyle = F.colours.edge; c.strokeRect(x + 0.5, y + 0.5, w - 1, ROW - 2); }
  if (hit || i === S.selected || (i && S.pinned && V.tree.fn[i] === S.pinned)) {
    c.lineWidth = 2; c.strokeStyle = F.colours.text; c.strokeRect(x + 1, y + 1, Math.max(w - 2, 1), ROW - 3);
  }
  const text = w > 34 ? label(i, Math.floor((w - 8) / ADVANCE)) : '';
  if (text) {
    c.fillStyle = hit ? F.colours.mtext : i ? F.colours.ftext : F.colours.text;
    c.fillText(text, x + 5, y + (V.b ? 12 : 14));
  }
  c.globalAlpha = 1;
}

function frameAt(event) {
  const b = F.dom.canvas.getBoundingClientRect();
  const x = event.clientX - b.left;
  const row = Math.floor((event.clientY - b.top + F.offset) / ROW);
  const r = F.rects.find((q) => q.row === row && x >= q.x && x < q.x + q.w && q.i >= 0);
  return r ? r.i : -1;
}

function tell(i, event) {
  const { tip, status } = F.dom;
  if (i < 0) { tip.hidden = true; return; }
  const text = describe(i);
  status.textContent = text;
  speak(text);
  if (!event || event.pointerType === 'touch') { tip.hidden = true; return; }
  tip.textContent = text;
  tip.hidden = false;
  tip.style.left = clamp(event.clientX + 12, 4, Math.max(4, window.innerWidth - tip.offsetWidth - 8)) + 'px';
  tip.style.top = (event.clientY + 20 + tip.offsetHeight > window.innerHeight ? event.clientY - tip.offsetHeight - 10 : event.clientY + 18) + 'px';
}

let speakLater;
function speak(text) {
  clearTimeout(speakLater);
  speakLater = setTimeout(() => { byId('speak').textContent = text; }, 300);
}

function zoomTo(i) {
  if (i < 0) return;
  S.zoom = i === S.zoom ? (i ? V.tree.parent[i] : 0) : i;
  S.selected = i;
  if (i && V.tree.fn[i]) pin(V.tree.fn[i], true);
  draw();
  tell(i);
  saveHash();
}

function select(i) {
  if (i < 0) return;
  S.selected = i;
  const { box } = F.dom;
  const y = V.tree.depth[i] * ROW;
  if (y < box.scrollTop) box.scrollTop = y;
  if (y + ROW > box.scrollTop + box.clientHeight) box.scrollTop = y + ROW - box.clientHeight;
  draw();
  tell(i);
}

function moveSelection(key) {
  const i = S.selected < 0 ? S.zoom : S.selected;
  if (S.selected < 0) return select(i);
  if (key === 'ArrowUp') return select(V.tree.parent[i]);
  if (key === 'ArrowDown') return select(childrenOf(i).length ? childrenOf(i)[0] : i);
  const kids = childrenOf(V.tree.parent[i]);
  const at = kids.indexOf(i) + (key === 'ArrowRight' ? 1 : -1);
  return select(i && kids[at] !== undefined ? kids[at] : i);
}

function flameEvents() {
  const { canvas, box, tip } = F.dom;
  canvas.addEventListener('pointermove', (e) => tell(frameAt(e), e));
  canvas.addEventListener('pointerleave', () => { tip.hidden = true; });
  canvas.addEventListener('click', (e) => zoomTo(frameAt(e)));
  canvas.addEventListener('contextmenu', (e) => {
    const i = frameAt(e);
    if (i > 0) { e.preventDefault(); S.selected = i; draw(); openMenu(e.clientX, e.clientY); }
  });
  canvas.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey) return;
    if (e.key.startsWith('Arrow')) { moveSelection(e.key); e.preventDefault(); }
    if (e.key === 'Enter') { zoomTo(S.selected < 0 ? 0 : S.selected); e.preventDefault(); }
  });
  canvas.addEventListener('focus', () => { if (S.selected < 0) { S.selected = S.zoom; draw(); tell(S.selected); } });
  box.addEventListener('scroll', () => { tip.hidden = true; draw(); });
}
