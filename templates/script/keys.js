/* SPDX-License-Identifier: Apache-2.0 */
/* Theme, search field, keys and their list. */

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
    later = setTimeout(() => seek(field.value), 150);
  });
  field.addEventListener('keydown', (e) => {
    if (e.key === 'Enter') { clearTimeout(later); seek(field.value); if (V) { walkHits(1); F.dom.canvas.focus(); } e.preventDefault(); }
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
    if (e.key === 'Escape' && e.target.id === 'q') { seek(e.target.value = ''); e.target.blur(); }
    return;
  }
  if (document.querySelector('dialog[open]') || !ACTIONS[e.key] || !V && e.key !== '?') return;
  ACTIONS[e.key]();
  e.preventDefault();
}
