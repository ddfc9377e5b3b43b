/* SPDX-License-Identifier: Apache-2.0 */
/* Tables: sorting, and the functions that the static table has no room for. */

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
  if (!table || !D.trees.length || D.meta.sides) return;
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
  const whole = sum(tree.values[0][tree.about.times.length - 1].value);
  const by = unitOf(table.tHead.textContent);
  const number = (v) => inUnit(v, by);
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
  all(D.meta.sides ? '#diff tr[data-f],#functions tr[data-f]' : '#functions tbody tr').forEach((tr) => {
    const fn = D.byString.get(+tr.dataset.f);
    tr.hidden = !!match && !(fn && match[fn]);
  });
}
