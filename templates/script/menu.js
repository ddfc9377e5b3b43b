/* SPDX-License-Identifier: Apache-2.0 */
/* The menu of a frame. */

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
  const row = all(D.meta.sides ? 'main tr[data-f]' : '#functions tr[data-f]').find((tr) => +tr.dataset.f === D.ids[fn]);
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
    ['Callees of this function', () => { S.focus = { fn, callers: false }; anew(); }],
    ['Callers of this function', () => { S.focus = { fn, callers: true }; anew(); }],
    ['Hide this function', () => { S.hidden.add(fn); anew(); }],
    ['Copy name', () => copy(D.names[fn])],
    ['Copy path', () => copy(stackOf(V.tree, i).map((f) => D.names[f]).join('\n'))],
    ['Go to table row', () => goToRow(fn)]
  ];
  if (byId('time')) items.push(['Show on timeline', () => { pin(fn, true); byId('time').scrollIntoView(); }]);
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
