/* SPDX-License-Identifier: Apache-2.0 */
/* The state in the address. */

let hashes = null;
function pathHash(node) {
  const tree = D.trees[S.tree];
  if (!hashes || hashes.tree !== tree) {
    const names = D.names.map((name) => { let h = 2166136261; for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 16777619); return h; });
    const list = new Uint32Array(tree.n);
    for (let i = 1; i < tree.n; i++) list[i] = Math.imul(list[tree.parent[i]] ^ names[tree.fn[i]], 16777619) + 1;
    hashes = { tree, list };
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
