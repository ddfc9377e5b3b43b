/* SPDX-License-Identifier: Apache-2.0 */
/* The columns behind the page: varints, front-coded names, trees in pre-order. */

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

/* Adler-32; its sums stay exact for some thousand bytes. */
function checksum(data) {
  let a = 1;
  let b = 0;
  for (let i = 0; i < data.length;) {
    for (const stop = Math.min(i + 4096, data.length); i < stop; i++) b += a += data[i];
    a %= 65521;
    b %= 65521;
  }
  return b * 65536 + a;
}

async function unpack(element) {
  const text = atob(element.textContent);
  let data = new Uint8Array(text.length);
  for (let i = 0; i < data.length; i++) data[i] = text.charCodeAt(i);
  if (element.dataset.enc === 'z') {
    if (typeof DecompressionStream === 'undefined') throw new Error('no decompression');
    const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    data = new Uint8Array(await new Response(stream).arrayBuffer());
  }
  if (data.length !== +element.dataset.raw || checksum(data) !== +element.dataset.sum) throw new Error('payload is damaged');
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
  if (about.noise) { /* of a diff with several runs a side: whose change is no change */
    tree.noise = new Uint8Array(n);
    for (let k = in_.next(), at = 0; k > 0; k--) tree.noise[at += in_.next()] = 1;
  }
  return shape(tree);
}

/* Parents and ends out of depths in pre-order. */
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
  for (const about of D.meta.trees) {
    const tree = readTree(in_, about);
    D.trees.push(tree);
    if (about.labels) for (let i = 1; i < tree.n; i++) if (tree.depth[i] === 1) D.origin[tree.fn[i]] = 5;
    await pause();
  }
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
