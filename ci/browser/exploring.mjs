// SPDX-License-Identifier: Apache-2.0
// Check 23: what can be chosen, dragged and clicked, and that the program's figures answer.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { build, close, each, mib, open, stacksOf, text, total } from './kit.mjs';

const status = async (page) => (await text(page, '#flame-status')).replace(/\u00a0/g, ' ');

// What the status line says of the root: of a choice, nothing is selected yet.
async function rootOf(page) {
  await page.locator('#flame-canvas').evaluate((e) => e.blur());
  await page.locator('#flame-canvas').focus();
  return status(page);
}

function snapshots(times) {
  const folder = 'testdata/demo/profiles/heap';
  return times.map((time) => mib(total(stacksOf(`${folder}/${readdirSync(folder).find((f) => f.includes(time) && f.endsWith('.pb.gz'))}`))));
}

async function choices(page, totals) {
  await page.selectOption('#f-show', '2');
  assert.ok((await rootOf(page)).startsWith(`root, ${totals[2]}, 100.0% of all`), await status(page));
  await page.selectOption('#f-against', '0');
  assert.ok((await rootOf(page)).startsWith(`root, ${totals[0]} to ${totals[2]}, `), await status(page));
  assert.ok(await page.locator('#legend-change').isVisible(), 'the legend of the change');
  await page.selectOption('#f-against', '-1');
  assert.equal(await page.locator('#legend-change').isVisible(), false);
}

// In the drawing that is in sight: [x, y] of the middle.
const middles = (page, selector) => each(page, 'svg.lanes ' + selector, (l) =>
  l.filter((e) => e.checkVisibility()).map((e) => { const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }));

async function marksAndDrag(page, totals) {
  await page.locator('#time').scrollIntoViewIfNeeded();
  await page.evaluate(() => document.getElementById('lanes').scrollIntoView());
  const marks = await middles(page, '.snap');
  await page.mouse.click(...marks[3]);
  assert.equal(await page.inputValue('#f-show'), '3');
  assert.match(await text(page, '#readout'), /snapshot 4 of/);
  const y = marks[0][1] - 40;
  await page.mouse.move(marks[1][0], y);
  await page.mouse.down();
  await page.mouse.move((marks[1][0] + marks[4][0]) / 2, y, { steps: 4 });
  await page.mouse.move(marks[4][0], y, { steps: 4 });
  await page.mouse.up();
  assert.equal(await page.inputValue('#f-against') + ' ' + await page.inputValue('#f-show'), '1 4');
  assert.match(await text(page, '#readout'), /change from snapshot 2 \(.* away\) to 5 \(/);
  assert.ok(await page.locator('.brush .range').first().isVisible(), 'handles of the range');
  assert.ok((await rootOf(page)).startsWith(`root, ${totals[1]} to ${totals[4]}, `), await status(page));
  const moved = await status(page);
  await page.locator('#lanes .scroll').focus();
  await page.keyboard.press('Escape');
  assert.equal(await page.inputValue('#f-against'), '-1');
  return moved;
}

// A click on any of band, frame and name lights all three.
async function oneFunctionEverywhere(page) {
  const lit = () => page.evaluate(() => ({
    band: !!document.querySelector('svg.lanes .band.on'), card: !!document.querySelector('#suspects .on'), row: !!document.querySelector('#functions tr.on')
  }));
  const clear = async () => {
    for (let i = 0; i < 4; i++) await page.keyboard.press('Escape');
    assert.deepEqual(await lit(), { band: false, card: false, row: false });
  };
  const all = { band: true, card: true, row: true };
  const suspect = await page.evaluate(() => document.querySelector('#suspects .card.bad code.fn').dataset.f);
  await page.evaluate(() => document.getElementById('lanes').scrollIntoView());
  await page.mouse.click(...(await page.evaluate((f) => {
    const band = Array.from(document.querySelectorAll(`svg.lanes .band[data-f="${f}"]`)).find((e) => e.checkVisibility());
    const box = band.getBoundingClientRect();
    for (let y = box.bottom - 1; y > box.top; y--)
      if (document.elementFromPoint(box.right - 3, y) === band) return [box.right - 3, y];
    throw new Error('the band of the suspect cannot be hit');
  }, suspect)));
  assert.deepEqual(await lit(), all, 'after a click on the band');
  await clear();
  await page.locator(`#functions code.fn[data-f="${suspect}"]`).click();
  assert.deepEqual(await lit(), all, 'after a click on the name');
  await clear();
  const name = await page.locator(`#functions code.fn[data-f="${suspect}"]`).textContent();
  await page.fill('#q', name);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  assert.deepEqual(await lit(), all, 'after the zoom to its frame');
  await page.fill('#q', '');
  await page.locator('#flame-canvas').focus();
  await clear();
  return name;
}

async function byLabel() {
  const page = await open('labels');
  const options = await each(page, '#f-metric option', (l) => l.map((o) => o.textContent));
  assert.ok(options.includes('live bytes by tenant') && options.includes('live objects by tenant'), options.join());
  await page.selectOption('#f-metric', { label: 'live bytes by tenant' });
  const file = `${build}/in/labels/heap_005.pb`;
  const said = [];
  for (const [title, filter] of [['tenant=acme', ['--tagfocus', 'tenant=acme']], ['tenant=zeta', ['--tagfocus', 'tenant=zeta']], ['(no tenant)', ['--tagignore', 'tenant=.']]]) {
    await page.fill('#q', title);
    await page.keyboard.press('Enter');
    const words = await status(page);
    assert.ok(words.startsWith(`${title}, ${mib(total(stacksOf(file, ...filter)))}, `), `${words}; the program says ${mib(total(stacksOf(file, ...filter)))}`);
    said.push(words.split(',').slice(0, 2).join(''));
  }
  assert.ok(options.includes('live bytes by route</script><b>\\u202e'), options.join());
  await page.selectOption('#f-metric', { label: 'live bytes by route</script><b>\\u202e' });
  await page.fill('#q', '<img');
  await page.keyboard.press('Enter');
  assert.ok((await status(page)).startsWith('route</script><b>\\u202e=</script><img src=x>\\u202e, 3.0 MiB'), await status(page));
  assert.equal(await page.locator('#flame img, #flame b').count(), 0);
  assert.deepEqual(page.seen.errors, []);
  await close(page);
  return said.join(', ');
}

async function exploring() {
  const page = await open('typical');
  const times = await each(page, '#time details table tbody tr', (l) => l.slice(0, 5).map((r) => r.cells[0].textContent.replace(/:/g, '')));
  const totals = snapshots(times);
  await choices(page, totals);
  const moved = await marksAndDrag(page, totals);
  const name = await oneFunctionEverywhere(page);
  assert.deepEqual(page.seen.errors, []);
  await close(page);
  return `dragged "${moved}"; ${name} lights band, card and row from each; ${await byLabel()}`;
}

export default [[23, 'snapshots, changes, ranges and labels can be chosen, and one function lights everywhere', exploring]];
