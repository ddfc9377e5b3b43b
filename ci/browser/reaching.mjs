// SPDX-License-Identifier: Apache-2.0
// Checks 9, 10, 11 and 19: what can be reached, by whom, and how calmly.
import assert from 'node:assert/strict';
import { PAGES, axe, close, each, open, state, text } from './kit.mjs';

async function axeIsSilent() {
  const source = axe();
  let runs = 0;
  for (const f of PAGES.filter((n) => ['typical', 'healthy', 'hostile', 'none', 'diff', 'larch-4'].includes(n)))
    for (const look of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { colorScheme: 'light', large: true }]) {
      const { large, ...context } = look;
      const page = await open(f, { bypassCSP: true, ...context });
      if (large) await page.addStyleTag({ content: 'html,body{font-size:200%}' });
      await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
      await page.evaluate(source);
      const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
      assert.deepEqual(found.violations.map((v) => v.id + ': ' + v.nodes[0].html.slice(0, 160)), [], f + JSON.stringify(look));
      runs++;
      await close(page);
    }
  return `${runs} runs, 0 violations`;
}

// What Tab should come to, in the order of the document.
const STOPS = () => Array.from(document.querySelectorAll('a[href],button,input,select,summary,canvas,[tabindex="0"]'))
  .filter((e) => e.checkVisibility() && !e.disabled).map((e, i) => { e.dataset.stop = i; return e.id || e.tagName + '.' + e.className; });
const AT = () => {
  const e = document.activeElement;
  const style = getComputedStyle(e);
  return { stop: e.dataset.stop === undefined ? -1 : +e.dataset.stop, name: e.outerHTML.slice(0, 80), outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 };
};

async function tabs() {
  const page = await open('typical');
  const stops = await page.evaluate(STOPS);
  for (const want of ['q', 'theme', 'keys', 'flame-canvas']) assert.ok(stops.includes(want), want);
  for (const kind of ['SUMMARY', 'DIV.scroll', 'BUTTON.sort', 'A.skip']) assert.ok(stops.some((s) => s.startsWith(kind)), kind);
  const walk = async (key, order) => {
    for (const want of order) {
      await page.keyboard.press(key);
      const at = await page.evaluate(AT);
      assert.equal(at.stop, want, `${key}: at ${at.name}, expected ${stops[want]}`);
      assert.ok(at.outline, at.name + ' shows no focus');
    }
  };
  await walk('Tab', stops.keys());
  await page.keyboard.press('Tab');
  assert.equal((await page.evaluate(AT)).stop, -1, 'a trap at the end');
  await walk('Shift+Tab', Array.from(stops.keys()).reverse());
  const small = await each(page, 'button,input,select,summary,a', (l) => l.filter((e) => e.checkVisibility()).map((e) => [e.outerHTML.slice(0, 90), e.getBoundingClientRect(), e.closest('p,dd,li,td,figcaption') && e.tagName === 'A'])
    .filter(([, b, inline]) => !inline && b.width > 2 && (b.height < 24 || b.width < 24)).map(([e]) => e));
  assert.deepEqual(small.filter((e) => !e.includes('skip')), [], 'targets below 24 px');
  await close(page);
  return `${stops.length} stops forward and back, all with an outline; targets of 24 px`;
}

async function keysAlone() {
  const page = await open('typical');
  const name = await page.evaluate(() => document.querySelector('.card code.fn, #functions code.fn').textContent);
  const last = name.split('.').pop();
  await page.keyboard.press('/');
  await page.keyboard.type(last);
  await page.keyboard.press('Enter');
  await page.waitForTimeout(250);
  const spoken = await text(page, '#flame-status');
  assert.match(await text(page, '#found'), /^Matched [\d.<]+%, hit 1 of \d/);
  assert.ok(spoken.includes(last), spoken);
  await page.waitForTimeout(400);
  assert.equal(await text(page, '#speak'), spoken, 'what is spoken');
  await page.keyboard.press('n');
  await page.keyboard.press('N');
  await page.keyboard.press('Enter');
  assert.match(await state(page), /f=[0-9a-f]+/);
  const zoomed = await text(page, '#flame-status');
  assert.match(zoomed, /100\.0% of the zoom/);
  await page.keyboard.press('Escape');
  assert.doesNotMatch(await state(page), /f=/);
  await page.keyboard.press('Enter');
  await page.keyboard.press('0');
  assert.doesNotMatch(await state(page), /f=/);
  await page.locator('#flame-canvas').scrollIntoViewIfNeeded();
  const box = await page.locator('#flame-canvas').boundingBox();
  let heard = '';
  for (let y = 10; y < box.height && heard !== spoken; y += 20)
    for (let x = 4; x < box.width && heard !== spoken; x += 12) {
      await page.mouse.move(box.x + x, box.y + y);
      heard = await text(page, '#flame-status');
    }
  assert.equal(heard, spoken, 'the pointer says otherwise');
  assert.equal(await text(page, '.tip'), spoken);
  await page.keyboard.press('?');
  assert.ok(await page.locator('dialog#help').isVisible());
  await page.keyboard.press('Escape');
  await page.locator('#flame-canvas').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('m');
  assert.equal(await page.locator('#menu [role=menuitem]').count(), 8);
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'flame-canvas', 'focus after the menu');
  await close(page);
  return `"${spoken}"`;
}

async function calm() {
  const page = await open('typical', { reducedMotion: 'reduce', forcedColors: 'active' });
  for (const key of ['i', 'r', '0', 'u', '+', '-', '1', '2', '3', '?', 'Escape']) {
    await page.keyboard.press(key);
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0, key);
  }
  const stroke = await each(page, '#change-figure .fr rect', (l) => {
    const probe = document.createElement('p');
    probe.style.color = 'CanvasText';
    document.body.append(probe);
    return [getComputedStyle(l[0]).stroke, getComputedStyle(probe).color];
  });
  assert.equal(stroke[0], stroke[1], 'a frame has no border in forced colours');
  const border = await page.evaluate(() => {
    const c = document.getElementById('flame-canvas');
    const at = (x, y) => Array.from(c.getContext('2d').getImageData(x, y, 1, 1).data).join();
    return [at(0, 30), at(c.width - 3, 30)];
  });
  assert.notEqual(border[0], border[1], 'a frame of the canvas has no border');
  await close(page);
  return '0 animations after 11 keys; frames keep a border in forced colours';
}

export default [
  [9, 'axe finds nothing in light, dark and at 200% text', axeIsSilent],
  [10, 'Tab reaches everything, both ways, and is seen', tabs],
  [11, 'keys alone search, zoom and restore, and say what the pointer says', keysAlone],
  [19, 'nothing moves where motion is reduced, and forced colours keep borders', calm]
];
