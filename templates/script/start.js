/* SPDX-License-Identifier: Apache-2.0 */
/* The order in which the page comes to life. */

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
      if (D.meta.sides) { S.tree = D.meta.first; S.against = 0; }
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
