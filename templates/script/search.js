/* SPDX-License-Identifier: Apache-2.0 */
/* Search: literal, or a pattern between slashes; nested hits count once. */

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

function seek(term) {
  S.term = term;
  if (V) { search(); draw(); }
  saveHash();
}

function walkHits(by) {
  if (!hits.length) return;
  hitAt = (hitAt + by + hits.length) % hits.length;
  const i = hits[hitAt];
  if (S.zoom && !(i >= S.zoom && i < V.tree.end[S.zoom])) { S.zoom = 0; saveHash(); }
  select(i);
  byId('found').textContent = byId('found').textContent.replace(/, (hit )?[\d,]+( of [\d,]+| hits?)$/, '') +
    ', hit ' + (hitAt + 1) + ' of ' + count(hits.length);
}
