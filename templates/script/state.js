/* SPDX-License-Identifier: Apache-2.0 */
/* What is shown, zoomed, pinned and chosen: one object, and the times it speaks of. */

const S = {
  tree: 0, metric: 0, show: 0, against: -1, /* snapshots; -1: none */
  zoom: 0, selected: -1, term: '', match: null, flip: false, collapse: false,
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
