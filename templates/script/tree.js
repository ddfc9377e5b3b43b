/* SPDX-License-Identifier: Apache-2.0 */
/* The tree that is drawn: one snapshot or two, flipped, folded, seen from one function. */

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

/* Steps of change, as the static picture has them: the noise of sampling is none. */
function step(i) {
  const before = V.b[i], after = V.a[i], delta = after - before;
  const period = S.metric === 0 ? D.trees[S.tree].about.period : 0;
  const larger = Math.max(before, after);
  if (!delta || !larger) return 0;
  if (V.tree.noise && S.metric === 0) { if (V.tree.noise[i]) return 0; }
  else if (period && Math.abs(delta) < 2 * Math.sqrt((before + after) / period) * period) return 0;
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
