// SPDX-License-Identifier: Apache-2.0
// Checks 12 to 16: the figures on the page are those of the program, and can be read.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { SIGHTS, contrast, difference } from './colours.mjs';
import { PAGES, close, each, html, mib, open, out, stacksOf, state, text, total } from './kit.mjs';

async function searchShares() {
  const stacks = stacksOf('testdata/demo');
  const page = await open('typical');
  const figures = [];
  for (const term of ['http', '/\\.init/', 'main.main', 'Enable']) {
    const test = term[0] === '/' ? (n) => new RegExp(term.slice(1, -1)).test(n) : /[A-Z]/.test(term) ? (n) => n.includes(term) : (n) => n.toLowerCase().includes(term);
    const want = (total(stacks, (names) => names.some(test)) / total(stacks) * 100).toFixed(1);
    await page.fill('#q', term);
    await page.waitForTimeout(300);
    assert.equal(/Matched ([\d.<]+)%/.exec(await text(page, '#found'))[1], want, term);
    figures.push(`${term} ${want}%`);
  }
  const before = await text(page, '#flame-status');
  await page.fill('#q', '/(/');
  await page.waitForTimeout(300);
  assert.match(await text(page, '#found'), /^Not a pattern/);
  assert.equal(await text(page, '#flame-status'), before);
  await close(page);
  return figures.join(', ') + ' as in the folded stacks; a bad pattern says so';
}

// The crosshair's x in every lane in sight, apart from the magnified panels that have their own.
const CROSS = (list) => {
  const svg = list.find((s) => s.checkVisibility());
  const panels = Array.from(svg.querySelectorAll('.panel'), (g) => g.dataset.ys.split(' ').map(Number));
  const lines = Array.from(svg.querySelectorAll('.cross line'))
    .filter((l) => !panels.some((ys) => +l.getAttribute('y1') >= ys[0] && +l.getAttribute('y2') <= ys[ys.length - 1]));
  return { xs: lines.map((l) => l.getBoundingClientRect().x), lanes: svg.querySelector('.plots').dataset.ys.split(' ').length / 2 };
};

async function crosshair() {
  const page = await open('typical');
  const json = JSON.parse(readFileSync(out('typical', 'report.json')));
  await page.locator('#lanes .scroll').focus();
  let compared = 0;
  let lanes = 0;
  for (let i = 0; i < 6; i++) {
    await page.keyboard.press('ArrowRight');
    const { xs, lanes: n } = await each(page, 'svg.lanes', CROSS);
    lanes = n;
    assert.equal(xs.length, n, 'lanes without a crosshair');
    for (const x of xs) assert.ok(Math.abs(x - xs[0]) <= 1, `crosshairs at ${xs}`);
    const read = (await text(page, '#readout')).replace(/\u00a0/g, ' ');
    const rows = await each(page, '#time details table tbody tr', (l) => l.filter((r) => r.closest('table') === l[0].closest('table')).map((r) => [r.cells[0].textContent, r.cells[1].textContent.trim()]));
    assert.ok(read.includes(`snapshot ${i + 1} of ${rows.length}`), read);
    assert.ok(read.includes(rows[i][1]), `${read} should say ${rows[i][1]}`);
    // the address has a hundredth of a second: whatever held within it may be read
    const t = +/t=([\d.]+)/.exec(await state(page))[1] * 1e9 + json.window.start_ns;
    for (const [name, shown] of read.matchAll(/(?<=· {2})(HeapAlloc|RSS|Sys|goroutines) ([\d,.]+)/g)) {
      const [, label] = /^(\w+)/.exec(name);
      const s = json.series.filter((q) => q.name.toLowerCase() === label.toLowerCase() && q.time_ns).sort((a, b) => b.points - a.points)[0];
      const at = (ns) => { let k = 0; while (k + 1 < s.time_ns.length && s.time_ns[k + 1] <= ns) k++; return k; };
      const may = [];
      for (let k = at(t - 1e7); k <= at(t + 1e7); k++) may.push(s.unit === 'bytes' ? (s.value[k] / 1048576).toFixed(1) : String(s.value[k]));
      const value = /([\d,.]+)$/.exec(name)[1].replace(/,/g, '');
      assert.ok(may.includes(value), `${label} at ${t}: ${value}, expected one of ${may}`);
      compared += shown ? 1 : 0;
    }
  }
  assert.ok(compared >= 12, `${compared} readouts compared`);
  await close(page);
  return `6 times, ${lanes} lanes within 1 px, ${compared} readouts equal report.json`;
}

async function rangeAndReload() {
  const page = await open('typical');
  await page.locator('#lanes .scroll').focus();
  await page.keyboard.press('ArrowRight');
  for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowRight');
  assert.equal(await page.inputValue('#f-against'), '0');
  assert.equal(await page.inputValue('#f-show'), '3');
  await page.locator('#flame-canvas').focus();
  const folder = 'testdata/demo/profiles/heap';
  const rows = await each(page, '#time details table tbody tr', (l) => l.slice(0, 4).map((r) => r.cells[0].textContent.replace(/:/g, '')));
  const shots = rows.map((time) => stacksOf(`${folder}/${readdirSync(folder).find((f) => f.includes(time) && f.endsWith('.pb.gz'))}`));
  const says = async (test, what) => {
    const [before, after] = [total(shots[0], test), total(shots[3], test)];
    const status = (await text(page, '#flame-status')).replace(/\u00a0/g, ' ');
    assert.ok(status.includes(`${mib(before)} to ${mib(after)}`), `${status}; the profiles of ${what} say ${mib(before)} to ${mib(after)}`);
    return status;
  };
  const root = await says(() => true, 'all');
  await page.keyboard.press('ArrowDown');
  const child = (await text(page, '#flame-status')).split(',')[0];
  await says((names) => names[0] === child, child);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('/');
  await page.keyboard.type('Build');
  await page.waitForTimeout(300);
  await page.locator('#lanes .scroll').focus();
  for (let i = 0; i < 9 && !/s=1/.test(await state(page)); i++) await page.keyboard.press('ArrowUp');
  const hash = await state(page);
  for (const part of [/f=/, /r=/, /q=Build/, /s=1/]) assert.match(hash, part);
  const seen = async (p) => ({
    hash: await state(p), against: await p.inputValue('#f-against'), show: await p.inputValue('#f-show'), q: await p.inputValue('#q'),
    found: await text(p, '#found'), on: await p.locator('.on').count(), brush: await each(p, '.brush rect', (l) => l.map((e) => Math.round(+e.getAttribute('x'))).join()),
    picture: await p.evaluate(() => document.getElementById('flame-canvas').toDataURL().length)
  });
  const before = await seen(page);
  await close(page);
  const again = await open('typical', { hash });
  const after = await seen(again);
  assert.ok(Math.abs(after.picture - before.picture) < before.picture / 20, 'the picture is another');
  delete before.picture;
  delete after.picture;
  assert.deepEqual(after, before);
  await close(again);
  return root;
}

async function widths() {
  const figures = [];
  for (const f of PAGES.filter((n) => n !== 'large'))
    for (const width of [360, 768, 1280, 1920]) {
      const page = await open(f, { viewport: { width, height: width === 360 ? 640 : 800 } });
      const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide[0] <= wide[1], `${f} at ${width}: ${wide}`);
      const bottom = (s) => page.locator(s).last().evaluate((e) => Math.round(e.getBoundingClientRect().bottom));
      if (width === 1280) {
        assert.ok(await bottom('#numbers dl') <= 800, `${f}: numbers end at ${await bottom('#numbers dl')}`);
        const words = (await each(page, '#verdict dt', (l) => l.map((e) => e.textContent))).join(' ');
        if (f === 'typical') assert.match(words, /Evidence.*Doubt.*Confidence.*Next/);
      }
      if (width === 360 && f === 'typical') {
        const next = await page.locator('#verdict .kv').evaluate((e) => Math.round(e.getBoundingClientRect().bottom));
        assert.ok(next <= 740, `the next step ends at ${next}`);
        figures.push(`360 px: next step ends at ${next}`);
      }
      if (width === 360) assert.ok(await bottom('#verdict h2') <= 640, `${f}: the verdict ends at ${await bottom('#verdict h2')}`);
      if (f === 'typical' && (width === 1280 || width === 360)) figures.push(`${width} px: ${width === 360 ? 'verdict' : 'numbers'} end at ${await bottom(width === 360 ? '#verdict h2' : '#numbers dl')}`);
      await close(page);
    }
  return figures.join(', ');
}

const TEXT = [['text', 'bg'], ['text', 'surface'], ['text', 'raised'], ['muted', 'bg'], ['muted', 'surface'], ['muted', 'raised'], ['link', 'bg'], ['link', 'surface'], ['link', 'raised'], ['bad', 'bg'],
  ...['bad', 'warn', 'ok'].flatMap((t) => [[t, t + 'bg'], ['text', t + 'bg'], ['muted', t + 'bg'], [t, 'raised']]), ['mtext', 'match'],
  ...['oapp', 'odep', 'ostd', 'orun', 'ocgo', 'd-3', 'd-2', 'd-1', 'd0', 'd1', 'd2', 'd3'].map((o) => ['ftext', o])];
const EDGES = ['edge', 'focus', 'gc', 's1', 's2', 's3', 's4', 's5'].flatMap((t) => [[t, 'bg'], [t, 'surface']]);

// Paint that the style sheet does not know stays light in the dark.
function everyPaintHasARule() {
  for (const f of PAGES) {
    const page = html(f);
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)[1];
    const classes = new Set(Array.from(page.matchAll(/ class="([^"]*)"/g), (m) => m[1]).join(' ').split(' '));
    for (const name of classes)
      if (/^[fs]-/.test(name)) assert.ok(style.includes(`.${name}{`), `${f}: no rule for ${name}`);
  }
}

async function colours() {
  everyPaintHasARule();
  const least = { text: 99, edge: 99, apart: 99 };
  for (const colorScheme of ['light', 'dark']) {
    const page = await open('typical', { colorScheme });
    const names = [...new Set([...TEXT, ...EDGES].flat())];
    const token = await page.evaluate((list) => Object.fromEntries(list.map((t) => [t, getComputedStyle(document.documentElement).getPropertyValue('--' + t).trim()])), names);
    for (const [pairs, limit, key] of [[TEXT, 4.5, 'text'], [EDGES, 3, 'edge']])
      for (const [a, b] of pairs) {
        const c = contrast(token[a], token[b]);
        least[key] = Math.min(least[key], c);
        assert.ok(c >= limit, `${colorScheme} ${a} on ${b}: ${c.toFixed(2)}`);
      }
    for (const sight of Object.keys(SIGHTS)) {
      const d = difference(token['d-3'], token.d3, sight);
      least.apart = Math.min(least.apart, d);
      assert.ok(d >= 20, `${colorScheme} ends of change, ${sight}: ${d.toFixed(1)}`);
    }
    const signs = await each(page, '#diff table tbody tr', (l) => l.map((r) => r.cells[3].textContent));
    for (const s of signs) assert.match(s, /^([+-]|~|0)/, 'a change without a sign: ' + s);
    const frames = await each(page, '#change-figure .fr', (l) => l.slice(1).map((g) => [g.querySelector('rect').getAttribute('class'), g.querySelector('title') ? g.querySelector('title').textContent : '']));
    for (const [cls, title] of frames) if (/d[123]|d-[123]/.test(cls)) assert.match(title, cls.includes('d-') ? /-\d/ : /\+\d/, title);
    await close(page);
  }
  return `text ${least.text.toFixed(1)}:1, edges ${least.edge.toFixed(1)}:1, ends of change ${least.apart.toFixed(0)} dE2000 apart at least`;
}

export default [
  [12, 'the share of a search is that of the stacks themselves', searchShares],
  [13, 'a time set by key stands at one place in all lanes, and reads as the JSON does', crosshair],
  [14, 'a range set by key shows the change in it, and a reload restores all', rangeAndReload],
  [15, 'no width scrolls sideways, and the first screen holds what matters', widths],
  [16, 'colours have contrast, and a change is told by sign as well', colours]
];
