/*<![CDATA[*/
(function () {
  'use strict';

  /* The page is finished without this script. It decodes the payload behind the page, replaces the
     two static flame graphs by one canvas, and joins lanes, frames, cards and rows by function and by
     time. If any step fails, the static page comes back and the status line names the step. */

  const page = document.documentElement;
  const SVG = 'http://www.w3.org/2000/svg';
  const byId = (id) => document.getElementById(id);
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
  const clamp = (v, low, high) => Math.max(low, Math.min(high, v));

  function make(tag, attributes, ...children) {
    const e = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key === 'on') for (const [type, run] of Object.entries(value)) e.addEventListener(type, run);
      else if (value === true) e.setAttribute(key, '');
      else if (value !== false && value !== null) e.setAttribute(key, value);
    }
    e.append(...children);
    return e;
  }

  function makeSvg(tag, attributes) {
    const e = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
    return e;
  }

  /* --- numbers and names, as the static page writes them --- */

  const NBSP = '\u00a0';
  const thousands = (digits) => digits.replace(/^([+-]?\d+)/, (d) => d.replace(/\B(?=(\d{3})+$)/g, ','));
  const count = (n) => thousands(String(Math.round(n)));
  const signed = (n, text) => (n > 0 ? '+' : n < 0 ? '-' : '') + text;

  function bytes(n) {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
    let i = 0;
    let v = Math.abs(n);
    while (i < 4 && v >= 1024) { v /= 1024; i++; }
    return (n < 0 ? '-' : '') + thousands(i ? v.toFixed(1) : String(Math.round(v))) + NBSP + units[i];
  }

  function share(part, whole) {
    if (!(whole > 0)) return '0.0%';
    const p = part / whole * 100;
    return p > 0 && p < 0.05 ? '<0.1%' : p.toFixed(1) + '%';
  }

  function span(seconds) {
    const s = Math.round(seconds);
    if (seconds < 10) return (Math.round(seconds * 10) / 10) + NBSP + 's';
    if (s < 60) return s + NBSP + 's';
    if (s < 3600) return Math.floor(s / 60) + NBSP + 'min' + (s % 60 ? ' ' + s % 60 + NBSP + 's' : '');
    return Math.floor(s / 3600) + NBSP + 'h ' + Math.floor(s % 3600 / 60) + NBSP + 'min';
  }

  /* Characters that are not seen, or that change how others are seen, are shown as the page does. */
  const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]/g;
  const printable = (text) =>
    text.replace(HIDDEN, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));

  /* Full path, last element, Type.Method, Method. */
  function formsOf(full) {
    const stop = full.search(/[[(]/);
    const slash = full.lastIndexOf('/', stop < 0 ? full.length : stop);
    const element = full.slice(slash + 1);
    const dot = element.search(/[.[(]/);
    const type = dot > 0 && element[dot] === '.' && dot + 1 < element.length ? element.slice(dot + 1) : element;
    let depth = 0;
    let start = 0;
    for (let i = 0; i < type.length; i++) {
      if (type[i] === '(' || type[i] === '[') depth++;
      else if (type[i] === ')' || type[i] === ']') depth--;
      else if (type[i] === '.' && !depth && i + 1 < type.length &&
               !/^(func|gowrap|deferwrap)?\d+(\.|-|$)/.test(type.slice(i + 1))) start = i + 1;
    }
    return [full, element, type, type.slice(start)];
  }

  function fit(forms, room) {
    for (const form of forms) if (form.length <= room) return form;
    return room >= 4 ? forms[3].slice(0, room - 2) + '..' : '';
  }

  /* --- payload --- */

  class Columns {
    constructor(data) { this.data = data; this.at = 0; }
    next() {
      let value = 0;
      let scale = 1;
      let byte;
      do {
        if (this.at >= this.data.length) throw new Error('payload ends early');
        byte = this.data[this.at++];
        value += (byte & 127) * scale;
        scale *= 128;
      } while (byte > 127);
      return value;
    }
    signed() { const v = this.next(); return v % 2 ? -(v + 1) / 2 : v / 2; }
    run(n) { const out = new Float64Array(n); for (let i = 0; i < n; i++) out[i] = this.next(); return out; }
    deltas(n, scale) {
      const out = new Float64Array(n);
      let sum = 0;
      for (let i = 0; i < n; i++) { sum += this.signed(); out[i] = sum / scale; }
      return out;
    }
  }

  const pause = () => new Promise((resume) => setTimeout(resume, 0));

  async function unpack(element) {
    const text = atob(element.textContent);
    let data = new Uint8Array(text.length);
    for (let i = 0; i < data.length; i++) data[i] = text.charCodeAt(i);
    if (element.dataset.enc === 'z') {
      if (typeof DecompressionStream === 'undefined') throw new Error('no decompression');
      const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
      data = new Uint8Array(await new Response(stream).arrayBuffer());
    }
    if (data.length !== +element.dataset.raw) throw new Error('payload has another size');
    return new Columns(data);
  }

  function readNames(in_) {
    const n = in_.next();
    const decoder = new TextDecoder();
    const names = [''];
    let before = new Uint8Array(0);
    for (let i = 0; i < n; i++) {
      const shared = in_.next();
      const size = in_.next();
      const name = new Uint8Array(shared + size);
      name.set(before.subarray(0, shared));
      name.set(in_.data.subarray(in_.at, in_.at + size), shared);
      in_.at += size;
      names.push(decoder.decode(name));
      before = name;
    }
    return names;
  }

  function readTree(in_, about) {
    const n = in_.next();
    const tree = { n, about, depth: new Uint32Array(n), fn: new Uint32Array(n), values: [] };
    for (let i = 1, depth = 0; i < n; i++) tree.depth[i] = depth += in_.signed();
    for (let i = 1; i < n; i++) tree.fn[i] = in_.next();
    for (let m = 0; m < about.metrics.length; m++) {
      const unit = in_.next();
      const shots = [];
      for (let s = 0; s < about.times.length; s++) {
        const size = in_.next();
        const node = in_.run(size);
        const value = in_.run(size);
        for (let i = 0, at = 0; i < size; i++) { node[i] = at += node[i]; value[i] *= unit; }
        shots.push({ node, value });
      }
      tree.values.push(shots);
    }
    return shape(tree);
  }

  /* Parents, ends and child lists out of depths in pre-order. */
  function shape(tree) {
    const { n, depth } = tree;
    tree.parent = new Uint32Array(n);
    tree.end = new Uint32Array(n).fill(n);
    const open = [0];
    for (let i = 1; i < n; i++) {
      while (open.length > depth[i]) tree.end[open.pop()] = i;
      tree.parent[i] = open[open.length - 1];
      open.push(i);
    }
    tree.deepest = depth.reduce((a, b) => Math.max(a, b), 0);
    tree.children = new Map();
    return tree;
  }

  const D = { names: [], forms: [], origin: [], ids: [], byString: new Map(), trees: [], series: [], suspects: new Map() };

  async function decode() {
    D.meta = JSON.parse(byId('mt-meta').textContent);
    const in_ = await unpack(byId('mt-cols'));
    if (in_.next() !== 1) throw new Error('payload of another version');
    D.names = readNames(in_);
    D.shown = D.names.map(printable);
    D.shown[0] = '(other)';
    D.ids = [0, ...in_.run(D.names.length - 1)];
    D.origin = [3, ...in_.run(D.names.length - 1)];
    D.ids.forEach((id, fn) => { if (fn) D.byString.set(id, fn); });
    for (const about of D.meta.trees) { D.trees.push(readTree(in_, about)); await pause(); }
    for (const about of D.meta.series) {
      const n = in_.next();
      D.series.push({ about, time: in_.deltas(n, 1e6), value: in_.deltas(n, about.scale) });
    }
    D.marks = ['cycles', 'stops'].map(() => {
      const n = in_.next();
      return { time: in_.deltas(n, 1e6), length: in_.run(n) };
    });
    D.meta.suspects.forEach((id, i) => { if (D.byString.has(id)) D.suspects.set(D.byString.get(id), i + 1); });
  }

  const forms = (fn) => D.forms[fn] || (D.forms[fn] = formsOf(D.shown[fn]));

  /* --- state --- */

  const S = {
    tree: 0, metric: 0, show: 0, against: -1, /* snapshots; -1: none */
    zoom: 0, selected: -1, term: '', match: null, flip: false, collapse: false, byChange: false,
    focus: null, hidden: new Set(), pinned: 0, /* functions */
    hover: null, time: null, range: null, base: null, window: null, elapsed: false
  };

  function times() { return D.trees[S.tree].about.times; }

  function nearestShot(t, tree) {
    const list = D.trees[tree === undefined ? S.tree : tree].about.times;
    let best = 0;
    list.forEach((at, i) => { if (Math.abs(at - t) < Math.abs(list[best] - t)) best = i; });
    return best;
  }

  function clock(t) {
    if (D.meta.start_ms === undefined) return '#' + (t + 1);
    if (S.elapsed) return '+' + span(t);
    return new Date(D.meta.start_ms + t * 1000).toISOString().slice(11, 19);
  }

  /* --- the tree that is drawn --- */

  function sumUp(tree, self) {
    const total = self.slice();
    for (let i = tree.n - 1; i > 0; i--) total[tree.parent[i]] += total[i];
    return total;
  }

  function selfOf(tree, metric, shot) {
    const self = new Float64Array(tree.n);
    if (shot < 0) return self;
    const { node, value } = tree.values[metric][shot];
    for (let i = 0; i < node.length; i++) self[node[i]] += value[i];
    return self;
  }

  function stackOf(tree, node) {
    const stack = [];
    for (let i = node; i > 0; i = tree.parent[i]) stack.push(tree.fn[i]);
    return stack.reverse();
  }

  /* What a stack becomes under the chosen view; null leaves it out. */
  function viewed(stack) {
    if (S.hidden.size) stack = stack.filter((fn) => !S.hidden.has(fn));
    if (S.collapse) stack = stack.filter((fn, i) => fn !== stack[i - 1]);
    if (S.focus) {
      const at = stack.indexOf(S.focus.fn);
      if (at < 0) return null;
      stack = S.focus.callers ? stack.slice(0, at + 1).reverse() : stack.slice(at);
    }
    return S.flip ? stack.slice().reverse() : stack;
  }

  /* Merges stacks into a new tree; nodes are put into pre-order at the end. */
  function rebuild(tree, after, before) {
    const fn = [0], parent = [0], a = [0], b = [0];
    const at = new Map();
    for (let i = 0; i < tree.n; i++) {
      if (!after[i] && !(before && before[i])) continue;
      const stack = viewed(stackOf(tree, i));
      if (!stack) continue;
      let node = 0;
      for (const f of stack) {
        const key = node * D.names.length + f;
        let next = at.get(key);
        if (next === undefined) {
          next = fn.length;
          fn.push(f); parent.push(node); a.push(0); b.push(0);
          at.set(key, next);
        }
        node = next;
      }
      a[node] += after[i];
      if (before) b[node] += before[i];
    }
    const kids = fn.map(() => []);
    for (let i = 1; i < fn.length; i++) kids[parent[i]].push(i);
    const n = fn.length;
    const out = { n, about: tree.about, depth: new Uint32Array(n), fn: new Uint32Array(n) };
    const selfA = new Float64Array(n), selfB = new Float64Array(n);
    const open = [[0, 0]];
    for (let i = 0; open.length; i++) {
      const [old, depth] = open.pop();
      out.depth[i] = depth; out.fn[i] = fn[old]; selfA[i] = a[old]; selfB[i] = b[old];
      for (const k of kids[old].reverse()) open.push([k, depth + 1]);
    }
    return { tree: shape(out), selfA, selfB };
  }

  let V = null; /* {tree, selfA, selfB, a, b, objects, first} */

  function compose() {
    let tree = D.trees[S.tree];
    let selfA = selfOf(tree, S.metric, S.show);
    let selfB = S.against >= 0 ? selfOf(tree, S.metric, S.against) : null;
    const objects = tree.about.metrics.length > 1 && !S.metric ? sumUp(tree, selfOf(tree, 1, S.show)) : null;
    const first = !selfB && S.show > 0 ? sumUp(tree, selfOf(tree, S.metric, 0)) : null;
    const plain = !S.hidden.size && !S.collapse && !S.focus && !S.flip;
    if (!plain) {
      const made = rebuild(tree, selfA, selfB);
      tree = made.tree;
      selfA = made.selfA;
      if (selfB) selfB = made.selfB;
    }
    V = { tree, selfA, selfB, a: sumUp(tree, selfA), b: selfB ? sumUp(tree, selfB) : null,
          objects: plain ? objects : null, first: plain ? first : null, plain };
    V.weight = V.b ? V.a.map((v, i) => v + V.b[i]) : V.a;
    tree.children = new Map();
    if (S.zoom >= tree.n) S.zoom = 0;
    S.selected = -1;
    search();
  }

  function childrenOf(node) {
    const { tree, weight } = V;
    let list = tree.children.get(node);
    if (!list) {
      list = [];
      for (let i = node + 1; i < tree.end[node]; i = tree.end[i]) if (weight[i] > 0) list.push(i);
      list.sort((x, y) => weight[y] - weight[x] || (D.names[tree.fn[x]] < D.names[tree.fn[y]] ? -1 : 1));
      tree.children.set(node, list);
    }
    return list;
  }

  function amount(v) {
    const about = D.trees[S.tree].about;
    return about.bytes && S.metric === 0 ? bytes(v) : count(v);
  }

  /* Without the unit, in that of the whole. */
  function inUnit(v) {
    const unit = /[KMGT]iB$/.exec(amount(Math.max(V.a[0], V.b[0])));
    return unit ? thousands((v / 1024 ** (1 + 'KMGT'.indexOf(unit[0][0]))).toFixed(1)) : count(v);
  }

  /* Steps of change, as the static picture has them: the noise of sampling is none. */
  function step(i) {
    const before = V.b[i], after = V.a[i], delta = after - before;
    const period = S.metric === 0 ? D.trees[S.tree].about.period : 0;
    const larger = Math.max(before, after);
    if (!delta || !larger) return 0;
    if (period && Math.abs(delta) < 2 * Math.sqrt((before + after) / period) * period) return 0;
    const p = Math.abs(delta) / larger;
    return Math.sign(delta) * (p < 0.02 ? 0 : p < 0.15 ? 1 : p < 0.5 ? 2 : 3);
  }

  function nameOf(i) { return i ? D.shown[V.tree.fn[i]] : 'root'; }

  function describe(i) {
    const parts = [nameOf(i)];
    if (V.b) {
      const delta = V.a[i] - V.b[i];
      parts.push(amount(V.b[i]) + ' to ' + amount(V.a[i]),
        signed(delta, amount(Math.abs(delta))) +
        (V.b[i] === 0 ? ' (new)' : V.a[i] === 0 ? ' (gone)' : step(i) ? '' : ' (same or inside noise)'));
      return parts.join(', ');
    }
    parts.push(amount(V.a[i]), share(V.a[i], V.a[0]) + ' of all');
    if (S.zoom && i >= S.zoom) parts.push(share(V.a[i], V.a[S.zoom]) + ' of the zoom');
    parts.push('self ' + amount(V.selfA[i]));
    if (V.objects) parts.push(count(V.objects[i]) + ' objects');
    if (V.first) {
      const delta = V.a[i] - V.first[i];
      parts.push(delta ? signed(delta, amount(Math.abs(delta))) + ' since the first' : 'unchanged');
    }
    return parts.join(', ');
  }

  /* --- search --- */

  function compile(term) {
    if (term.length > 2 && term[0] === '/' && term.endsWith('/')) {
      const re = new RegExp(term.slice(1, -1));
      return (name) => re.test(name);
    }
    if (/[A-Z]/.test(term)) return (name) => name.includes(term);
    return (name) => name.toLowerCase().includes(term);
  }

  let hits = [];
  let hitAt = -1;

  function search() {
    const found = byId('found');
    hits = [];
    hitAt = -1;
    if (!S.term) { S.match = null; found.textContent = ''; filterRows(); return; }
    let test;
    try { test = compile(S.term); } catch (e) { found.textContent = 'Not a pattern: ' + e.message.replace(/^.*: /, ''); return; }
    S.match = Uint8Array.from(D.names, (name, fn) => fn && test(name) ? 1 : 0);
    let sum = 0;
    for (let i = 1; i < V.tree.n;) {
      if (V.weight[i] > 0 && S.match[V.tree.fn[i]]) { sum += V.weight[i]; hits.push(i); i = V.tree.end[i]; } else i++;
    }
    sum = V.weight[0] ? sum : 0;
    found.textContent = 'Matched ' + share(sum, V.weight[0]) + ', ' + (hits.length === 1 ? '1 hit' : count(hits.length) + ' hits');
    filterRows();
  }

  function walkHits(by) {
    if (!hits.length) return;
    hitAt = (hitAt + by + hits.length) % hits.length;
    const i = hits[hitAt];
    if (S.zoom && !(i >= S.zoom && i < V.tree.end[S.zoom])) S.zoom = 0;
    select(i);
    byId('found').textContent = byId('found').textContent.replace(/, (hit )?[\d,]+( of [\d,]+| hits?)$/, '') +
      ', hit ' + (hitAt + 1) + ' of ' + count(hits.length);
  }

  /* --- flame graph --- */

  const ROW = 20;
  const ADVANCE = 7.2;
  const F = { rects: [], colours: {} };

  function buildFlame() {
    const host = byId('flame-figure');
    const dom = {
      bar: make('div', { class: 'fbar' }),
      status: make('p', { class: 'fstat', id: 'flame-status' }, 'Point at a frame.'),
      box: make('div', { class: 'cv' }),
      inner: make('div', { class: 'cvi' }),
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
    const live = make('div', { class: 'live', id: 'flame-live' }, dom.bar, dom.status, dom.box, dom.tip);
    host.before(live);
    const change = byId('change-figure');
    if (change) change.classList.add('keep');
    flameControls();
    flameEvents();
    new ResizeObserver(() => draw()).observe(dom.box);
  }

  function selector(label, id, options, change) {
    const s = make('select', { id, on: { change: () => change(+s.value) } });
    options.forEach(([value, text]) => s.append(make('option', { value }, text)));
    return [make('label', { for: id }, label), s];
  }

  function button(text, run, extra) { return make('button', Object.assign({ type: 'button', on: { click: run } }, extra), text); }

  function shotName(i) {
    const list = times();
    return (i + 1) + ' of ' + list.length + ', ' + clock(list[i]);
  }

  function flameControls() {
    const bar = F.dom.bar;
    bar.textContent = '';
    const metrics = [];
    D.trees.forEach((t, i) => t.about.metrics.forEach((m, k) => metrics.push([i * 2 + k, m])));
    const list = times().map((t, i) => [i, shotName(i)]);
    bar.append(...selector('Show', 'f-metric', metrics, (v) => chooseMetric(v)));
    byId('f-metric').value = S.tree * 2 + S.metric;
    bar.append(...selector('at', 'f-show', list, (v) => { S.show = v; refresh(); }));
    byId('f-show').value = S.show;
    if (list.length > 1) {
      bar.append(...selector('against', 'f-against', [[-1, 'nothing'], ...list], (v) => { S.against = v; refresh(); }));
      byId('f-against').value = S.against;
    }
    bar.append(
      button(S.flip ? 'Leaves on top' : 'Root on top', () => toggle('flip'), { 'aria-pressed': S.flip, title: 'i' }),
      button('Recursion', () => toggle('collapse'), { 'aria-pressed': S.collapse, title: 'r: fold repeated frames' }),
      button('Reset', resetZoom, { title: '0' }),
      button('Menu', () => openMenu(), { title: 'm', id: 'f-menu' }));
    if (S.focus)
      bar.append(button((S.focus.callers ? 'Callers of ' : 'Callees of ') + forms(S.focus.fn)[1] + ' \u00d7', () => { S.focus = null; S.zoom = 0; refresh(); }));
    if (S.hidden.size)
      bar.append(button(S.hidden.size + ' hidden \u00d7', () => { S.hidden.clear(); S.zoom = 0; refresh(); }));
    const folded = D.trees[S.tree].about.folded;
    if (folded) bar.append(make('span', {}, count(folded) + ' small frames are folded into (other)'));
  }

  function toggle(key) { S[key] = !S[key]; S.zoom = 0; refresh(); }

  function resetZoom() { S.zoom = 0; setWindow(null); refresh(); }

  function chooseMetric(v) {
    const tree = v >> 1;
    const at = times()[S.show];
    if (tree !== S.tree) { S.tree = tree; S.show = nearestShot(at); S.against = -1; S.zoom = 0; }
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
    return F.colours[['oapp', 'odep', 'ostd', 'orun', 'ocgo'][D.origin[V.tree.fn[i]]]];
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
      const words = !delta ? '' : step(i) ? ' ' + signed(delta, inUnit(Math.abs(delta))) : ' ~';
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

  /* --- menu of a frame --- */

  function copy(text) {
    const fallback = () => {
      const field = make('input', { readonly: true, value: text, 'aria-label': 'Copy this' });
      F.dom.status.replaceChildren('Copy this: ', field);
      field.select();
    };
    if (navigator.clipboard && navigator.clipboard.writeText)
      navigator.clipboard.writeText(text).then(() => { F.dom.status.textContent = 'Copied.'; }, fallback);
    else fallback();
  }

  function goToRow(fn) {
    const row = all('#functions tr[data-f]').find((tr) => +tr.dataset.f === D.ids[fn]);
    if (row) { row.scrollIntoView({ block: 'center' }); row.querySelector('th').setAttribute('tabindex', '-1'); row.querySelector('th').focus(); }
    else F.dom.status.textContent = 'Not in the table below; show all functions there first.';
  }

  function openMenu(x, y) {
    closeMenu();
    const i = S.selected > 0 ? S.selected : S.zoom;
    if (!i || !V.tree.fn[i]) { F.dom.status.textContent = 'Choose a frame first.'; return; }
    const fn = V.tree.fn[i];
    const items = [
      ['Zoom here', () => { S.zoom = i; draw(); saveHash(); }],
      ['Callees of this function', () => { S.focus = { fn, callers: false }; S.zoom = 0; refresh(); }],
      ['Callers of this function', () => { S.focus = { fn, callers: true }; S.zoom = 0; refresh(); }],
      ['Hide this function', () => { S.hidden.add(fn); S.zoom = 0; refresh(); }],
      ['Copy name', () => copy(D.names[fn])],
      ['Copy path', () => copy(stackOf(V.tree, i).map((f) => D.names[f]).join('\n'))],
      ['Show on timeline', () => { pin(fn, true); byId('time').scrollIntoView(); }],
      ['Go to table row', () => goToRow(fn)]
    ];
    const menu = make('div', { class: 'menu', id: 'menu', role: 'menu', 'aria-label': 'Frame ' + D.shown[fn] });
    items.forEach(([text, run]) => menu.append(make('button', { type: 'button', role: 'menuitem', tabindex: '-1', on: { click: () => { closeMenu(); run(); } } }, text)));
    const b = x === undefined ? byId('f-menu').getBoundingClientRect() : null;
    F.dom.bar.parentNode.append(menu);
    menu.style.left = clamp(b ? b.left : x, 4, Math.max(4, window.innerWidth - menu.offsetWidth - 8)) + 'px';
    menu.style.top = clamp(b ? b.bottom : y, 4, Math.max(4, window.innerHeight - menu.offsetHeight - 8)) + 'px';
    menu.addEventListener('keydown', (e) => {
      const list = all('button', menu);
      const at = list.indexOf(document.activeElement);
      if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
        list[(at + (e.key === 'ArrowDown' ? 1 : list.length - 1)) % list.length].focus();
        e.preventDefault();
      }
      if (e.key === 'Escape' || e.key === 'Tab') { closeMenu(); F.dom.canvas.focus(); e.stopPropagation(); e.preventDefault(); }
    });
    menu.firstChild.focus();
  }

  function closeMenu() { const m = byId('menu'); if (m) m.remove(); return !!m; }

  /* --- cross-highlight --- */

  function pin(fn, keep) {
    S.pinned = S.pinned === fn && !keep ? 0 : fn;
    const id = String(D.ids[S.pinned] || '');
    all('[data-f]').forEach((e) => e.classList.toggle('on', !!S.pinned && e.dataset.f === id));
    all('svg.lanes').forEach((s) => s.classList.toggle('pin', !!S.pinned && !!s.querySelector('.band.on')));
    if (V) draw();
    readout();
    saveHash();
  }

  /* --- lanes --- */

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
    return tree.about.times.map((t, s) => tree.values[0][s].value.reduce((a, b) => a + b, 0));
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
    const near = t === null ? -1 : nearestShot(t, 0);
    all('.snap').forEach((e) => e.classList.toggle('on', +e.dataset.i === near && D.trees[0].about.name === 'heap'));
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
        parts.push('snapshot ' + (i + 1) + ' of ' + tree.about.times.length + ' (' + clock(tree.about.times[i]) + '): live ' + bytes(self.reduce((a, b) => a + b, 0)));
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
      if (shot) { S.range = S.base = null; pinTime(D.trees[0].about.times[+shot.dataset.i]); return; }
      if (band && D.byString.has(+band.dataset.f)) pin(D.byString.get(+band.dataset.f));
      S.range = S.base = null;
      pinTime(timeAt(lane, e));
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
      } else { S.range = S.base = null; pinTime(to); }
      e.preventDefault();
    }
    if (e.key === 'ArrowUp' || e.key === 'ArrowDown') {
      const bands = all('.band[data-f]', L[0].svg).map((b) => D.byString.get(+b.dataset.f)).filter(Boolean);
      if (bands.length) pin(bands[(bands.indexOf(S.pinned) + (e.key === 'ArrowUp' ? 1 : bands.length + (S.pinned ? -1 : 0))) % bands.length], true);
      e.preventDefault();
    }
    if (e.key === '+' || e.key === '-') { zoomTime(e.key === '+' ? 0.5 : 2); e.preventDefault(); }
  }

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

  /* --- tables --- */

  function cellValue(row, at) {
    const cell = row.cells[at];
    const text = cell ? cell.textContent.trim() : '';
    const n = parseFloat(text.replace(/,/g, '').replace(/^<|~/, ''));
    return /^[+-]?[<~]?[\d,.]+/.test(text) && !isNaN(n) ? n : text.toLowerCase();
  }

  function sortBy(table, th, at) {
    const up = th.getAttribute('aria-sort') === 'descending';
    all('th[aria-sort]', table).forEach((h) => h.removeAttribute('aria-sort'));
    th.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const body = table.tBodies[0];
    const rows = Array.from(body.rows).map((row, i) => ({ row, i, v: cellValue(row, at) }));
    rows.sort((x, y) => {
      const order = typeof x.v === typeof y.v ? (x.v < y.v ? -1 : x.v > y.v ? 1 : 0) : typeof x.v === 'number' ? 1 : -1;
      return (up ? order : -order) || x.i - y.i;
    });
    body.append(...rows.map((r) => r.row));
  }

  function buildTables() {
    for (const table of all('main table')) {
      if (!table.tHead || table.tBodies[0].rows.length < 2) continue;
      all('th', table.tHead).forEach((th) => {
        const b = button('', () => sortBy(table, th, th.cellIndex), { class: 'sort' });
        b.append(...th.childNodes);
        th.append(b);
      });
    }
    const table = document.querySelector('#functions table');
    if (!table || !D.trees.length) return;
    const shown = table.tBodies[0].rows.length;
    const rows = functionRows();
    if (rows.length > shown)
      table.parentNode.before(make('p', { class: 'fbar' }, button('Show ' + count(Math.min(rows.length, 5000)) + ' functions', (e) => { e.target.parentNode.remove(); allFunctions(table, rows); })));
  }

  function functionRows() {
    const tree = D.trees[0];
    const last = tree.about.times.length - 1;
    const self = selfOf(tree, 0, last);
    const total = sumUp(tree, self);
    const before = sumUp(tree, selfOf(tree, 0, 0));
    const objects = tree.about.metrics.length > 1 ? selfOf(tree, 1, last) : null;
    const rows = new Map();
    const until = new Map();
    for (let i = 1; i < tree.n; i++) {
      const fn = tree.fn[i];
      let r = rows.get(fn);
      if (!r) rows.set(fn, r = { fn, self: 0, total: 0, before: 0, objects: 0 });
      r.self += self[i];
      if (objects) r.objects += objects[i];
      if (!(until.get(fn) > i)) { r.total += total[i]; r.before += before[i]; until.set(fn, tree.end[i]); }
    }
    return Array.from(rows.values()).filter((r) => r.fn && (r.total || r.before)).sort((x, y) => y.self - x.self || y.total - x.total);
  }

  function allFunctions(table, rows) {
    const tree = D.trees[0];
    const whole = tree.values[0][tree.about.times.length - 1].value.reduce((a, b) => a + b, 0);
    const unit = /MiB|KiB|GiB|TiB/.exec(table.tHead.textContent);
    const by = unit ? { KiB: 1024, MiB: 1048576, GiB: 1073741824, TiB: 1099511627776 }[unit[0]] : 1;
    const digits = by > 1 ? 1 : 0;
    const number = (v) => thousands((v / by).toFixed(digits));
    const columns = table.tHead.rows[0].cells.length;
    const body = make('tbody');
    for (const r of rows.slice(0, 5000)) {
      const tr = make('tr', { 'data-f': D.ids[r.fn] }, make('th', { scope: 'row', class: 'l w' }, make('code', { translate: 'no', dir: 'ltr' }, D.shown[r.fn])));
      const delta = r.total - r.before;
      for (const text of [number(r.self), r.self ? share(r.self, whole) : '', number(r.total), share(r.total, whole), '', count(r.objects), signed(delta, number(Math.abs(delta)))].slice(0, columns - 1))
        tr.append(make('td', {}, text));
      body.append(tr);
    }
    table.tBodies[0].replaceWith(body);
    filterRows();
  }

  function filterRows() {
    const match = S.match;
    all('#functions tbody tr').forEach((tr) => {
      const fn = D.byString.get(+tr.dataset.f);
      tr.hidden = !!match && !(fn && match[fn]);
    });
  }

  /* --- hash --- */

  let hashes = null;
  function pathHash(node) {
    const tree = D.trees[S.tree];
    if (!hashes || hashes.tree !== tree) {
      const names = D.names.map((name) => { let h = 2166136261; for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 16777619); return h; });
      const list = new Uint32Array(tree.n);
      for (let i = 1; i < tree.n; i++) list[i] = Math.imul(list[tree.parent[i]] ^ names[tree.fn[i]], 16777619) + 1;
      hashes = { tree, list, names };
    }
    return hashes.list[node];
  }

  let ready = false;
  function saveHash() {
    if (!ready) return;
    const p = ['v=1'];
    if (V.plain && S.zoom) p.push('f=' + pathHash(S.zoom).toString(16));
    if (S.time !== null) p.push('t=' + S.time.toFixed(2));
    if (S.range) p.push('r=' + S.range.map((t) => t.toFixed(2)).join('-'));
    if (S.term) p.push('q=' + encodeURIComponent(S.term));
    const suspect = D.suspects.get(S.pinned);
    if (suspect) p.push('s=' + suspect);
    else if (S.pinned) p.push('p=' + encodeURIComponent(D.names[S.pinned]));
    try { history.replaceState(null, '', location.href.split('#')[0] + (p.length > 1 ? '#' + p.join('&') : '')); } catch (e) { /* a sandbox has no history */ }
  }

  function loadHash() {
    const part = {};
    location.hash.slice(1).split('&').forEach((p) => { const at = p.indexOf('='); if (at > 0) part[p.slice(0, at)] = p.slice(at + 1); });
    if (part.v !== '1') return;
    const number = (text) => text !== undefined && isFinite(+text) ? clamp(+text, 0, D.meta.seconds || 0) : null;
    const decoded = (text) => { try { return decodeURIComponent(text || ''); } catch (e) { return ''; } };
    if (part.q) { S.term = decoded(part.q); byId('q').value = S.term; }
    if (part.r && D.meta.seconds !== undefined) {
      const r = part.r.split('-').map(number);
      if (r.length === 2 && r[0] !== null && r[1] > r[0]) setRange(r);
    }
    if (number(part.t) !== null && D.meta.seconds !== undefined) { S.time = number(part.t); if (!S.range) S.show = nearestShot(S.time); }
    for (const [fn, n] of D.suspects) if (String(n) === part.s) pin(fn, true);
    if (part.p) { const fn = D.names.indexOf(decoded(part.p)); if (fn > 0) pin(fn, true); }
    if (D.trees.length) {
      compose();
      if (part.f) { pathHash(0); const at = hashes.list.indexOf(parseInt(part.f, 16)); if (at > 0) S.zoom = at; }
    }
  }

  /* --- header, keys, help --- */

  function buildHeader() {
    const order = ['auto', 'light', 'dark'];
    let current = 'auto';
    const theme = byId('theme');
    const show = (value) => {
      current = value;
      if (value === 'auto') page.removeAttribute('data-theme'); else page.setAttribute('data-theme', value);
      theme.textContent = 'Theme: ' + value;
      repaint();
    };
    try { const saved = localStorage.getItem('mt-theme'); if (order.includes(saved)) show(saved); } catch (e) { /* a sandbox forgets the theme */ }
    theme.addEventListener('click', () => {
      show(order[(order.indexOf(current) + 1) % 3]);
      try { localStorage.setItem('mt-theme', current); } catch (e) { /* as above */ }
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
    all('.ctl').forEach((e) => { e.hidden = false; });
    byId('keys').addEventListener('click', help);
    addEventListener('beforeprint', () => all('details').forEach((d) => { d.open = true; }));
  }

  function repaint() { readColours(); if (V) draw(); }

  function buildSearch() {
    const field = byId('q');
    let later;
    field.after(make('span', { id: 'found', class: 'found', role: 'status' }));
    field.addEventListener('input', () => {
      clearTimeout(later);
      later = setTimeout(() => { S.term = field.value; if (V) { search(); draw(); } saveHash(); }, 150);
    });
    field.addEventListener('keydown', (e) => {
      if (e.key === 'Enter') { clearTimeout(later); S.term = field.value; if (V) { search(); walkHits(1); F.dom.canvas.focus(); draw(); } saveHash(); e.preventDefault(); }
    });
  }

  const KEYS = [['/', 'search'], ['n, N', 'next, previous hit'], ['Enter', 'zoom to the frame'], ['Esc', 'clear one level'], ['0', 'reset zoom'],
    ['arrows', 'move by frame, or by snapshot in the lanes'], ['Shift + arrows', 'choose a range in the lanes'], ['+, -', 'zoom time'],
    ['i, r, u', 'flip, fold recursion, elapsed time'], ['1, 2, 3', 'lanes, flame graph, tables'], ['m', 'menu of the frame'], ['?', 'this list']];

  function help() {
    let dialog = byId('help');
    if (!dialog) {
      const list = make('dl', { class: 'kv' });
      KEYS.forEach(([key, text]) => list.append(make('dt', {}, make('kbd', {}, key)), make('dd', {}, text)));
      dialog = make('dialog', { id: 'help', 'aria-labelledby': 'help-h' }, make('h2', { id: 'help-h' }, 'Keys'), list, button('Close', () => dialog.close()));
      document.body.append(dialog);
    }
    dialog.showModal();
  }

  function escape_() {
    if (closeMenu()) return;
    if (S.selected >= 0 && S.zoom) { S.zoom = 0; draw(); saveHash(); return; }
    if (S.zoom) { S.zoom = 0; draw(); saveHash(); return; }
    if (S.range || S.base || S.time !== null || S.window) { clearTime(); return; }
    if (S.pinned) { pin(S.pinned); return; }
    if (S.focus || S.hidden.size) { S.focus = null; S.hidden.clear(); refresh(); }
  }

  function focusOn(element) { if (element) { element.focus(); element.scrollIntoView({ block: 'nearest' }); } }

  const ACTIONS = {
    '/': () => { byId('q').focus(); byId('q').select(); },
    'n': () => walkHits(1), 'N': () => walkHits(-1), '0': resetZoom, 'i': () => toggle('flip'), 'r': () => toggle('collapse'),
    'u': () => { S.elapsed = !S.elapsed; flameControls(); readout(); },
    '+': () => zoomTime(0.5), '-': () => zoomTime(2),
    '1': () => focusOn(document.querySelector('#lanes .scroll')), '2': () => focusOn(F.dom && F.dom.canvas),
    '3': () => focusOn(document.querySelector('#functions .scroll')), 'm': () => openMenu(), '?': help, 'Escape': escape_
  };

  function keys(e) {
    if (e.ctrlKey || e.altKey || e.metaKey || e.defaultPrevented) return;
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName);
    if (typing) {
      if (e.key === 'Escape' && e.target.id === 'q') { e.target.value = S.term = ''; if (V) { search(); draw(); } saveHash(); e.target.blur(); }
      return;
    }
    if (document.querySelector('dialog[open]') || !ACTIONS[e.key] || !V && e.key !== '?') return;
    ACTIONS[e.key]();
    e.preventDefault();
  }

  /* --- start --- */

  function failed(step_, error) {
    all('.live,.fbar').forEach((e) => e.remove());
    page.removeAttribute('data-js');
    page.setAttribute('data-js-failed', step_);
    const note = byId('note-js') || make('p', { id: 'note-js', class: 'note', role: 'status' });
    note.textContent = 'Interactive view not available in this browser; the tables below hold the same findings. (' + step_ + ': ' + error.message + ')';
    byId('top').append(note);
  }

  async function start() {
    let step_ = 'header';
    try {
      buildHeader();
      document.body.append(make('p', { id: 'speak', class: 'vh', role: 'status', 'aria-live': 'polite' }));
      await new Promise((resume) => requestAnimationFrame(() => setTimeout(resume, 0)));
      step_ = 'decoding';
      await decode();
      step_ = 'tables';
      buildTables();
      await pause();
      step_ = 'flame graph';
      readColours();
      buildSearch();
      if (D.trees.length) {
        page.setAttribute('data-js', '1');
        S.show = times().length - 1;
        buildFlame();
        compose();
        legend();
      }
      step_ = 'lanes';
      buildLanes();
      all('code.fn').forEach((e) => e.addEventListener('click', () => { if (!e.closest('summary') && D.byString.has(+e.dataset.f)) pin(D.byString.get(+e.dataset.f)); }));
      loadHash();
      ready = true;
      if (V) { flameControls(); draw(); }
      readout();
      addEventListener('keydown', keys);
    } catch (error) {
      failed(step_, error);
    }
    performance.mark('memtriage:ready');
  }

  start();
})();
/*]]>*/
