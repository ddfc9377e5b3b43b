// SPDX-License-Identifier: Apache-2.0
// Checks 17, 18 and 20 to 22: print, hostile and odd inputs, pictures, Markdown.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { FIXTURES, build, close, html, open, out, text } from './kit.mjs';

async function print() {
  const page = await open('typical', { colorScheme: 'dark' });
  const pdf = resolve(build, 'out', 'typical.pdf');
  let pages = 0;
  for (const format of ['Letter', 'A4']) {
    await page.pdf({ path: pdf, format });
    const words = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' });
    const flat = words.replace(/\s+/g, ' ');
    pages = words.split('\f').length - 1;
    const suspects = (html('typical').match(/<caption>Evidence for suspect/g) || []).length;
    assert.ok(suspects > 0);
    for (let i = 1; i <= suspects; i++) assert.ok(flat.includes(`Evidence for suspect ${i}`), `${format}: evidence of suspect ${i}`);
    for (const table of await page.locator('main table').all()) {
      const cells = (await table.locator('thead th').allTextContents()).map((t) => t.trim()).filter((t) => t && t.length < 14);
      for (const cell of cells) assert.ok(flat.includes(cell), `${format}: no column ${cell}`);
    }
    assert.doesNotMatch(flat, /Theme: auto|Keys \?|Find a function|Point at a frame|Peak live heap|Show \d+ functions/);
    const first = words.split('\f')[0].replace(/\s+/g, ' ');
    for (const part of [/Growing/, /Live heap/, /Suspects/]) assert.match(first, part, format);
    const boxes = execFileSync('pdftotext', ['-bbox', pdf, '-'], { encoding: 'utf8' });
    const width = +/<page width="([\d.]+)"/.exec(boxes)[1];
    const clipped = [...boxes.matchAll(/<word xMin="([-\d.]+)" yMin="[-\d.]+" xMax="([\d.]+)"[^>]*>([^<]*)/g)].filter((m) => +m[2] > width - 20 || +m[1] < 20);
    assert.deepEqual(clipped.map((m) => m[3]), [], `${format}: words at the edge of the paper`);
    const ppm = execFileSync('pdftoppm', ['-r', '18', '-f', '1', '-l', '1', pdf]);
    assert.equal(ppm.subarray(-3).toString('hex'), 'ffffff', 'the paper is not white');
  }
  await close(page);
  return `${pages} pages of A4, nothing at the edge`;
}

async function hostile() {
  const { names } = await import('./hostile.mjs');
  const page = await open('hostile', { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.waitForTimeout(200);
  assert.deepEqual(page.seen.errors, []);
  assert.equal(page.seen.requests.length, 1);
  const strange = await page.evaluate(() => Array.from(document.querySelectorAll('img,iframe,object,embed,form,base,b>script,svg a,a:not([href^="#"])'), (e) => e.outerHTML.slice(0, 100)));
  assert.deepEqual(strange, []);
  assert.equal(await page.locator('script').count(), 3);
  const words = await page.evaluate(() => document.body.textContent + document.title + Array.from(document.querySelectorAll('[title],[aria-label]'), (e) => e.title + e.getAttribute('aria-label')).join());
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(words, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/);
  assert.match(words, /\\u202e/);
  await page.fill('#q', 'octocat');
  await page.waitForTimeout(300);
  assert.match(await text(page, '#found'), /[1-9]\d* hits?$/);
  let copied = 0;
  const evil = names.filter((n) => typeof n === 'string' && n.length < 200);
  for (const name of evil.slice(0, 5)) {
    await page.fill('#q', name.slice(0, 8).includes('/<') ? name.slice(2, 12) : name.slice(0, 7));
    await page.keyboard.press('Enter');
    for (let i = 0; i < 40 && !(await text(page, '#flame-status')).startsWith(name.slice(0, 3)); i++) await page.keyboard.press('n');
    await page.keyboard.press('m');
    await page.click('text=Copy name');
    await page.waitForTimeout(50);
    const got = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(names.includes(got), 'copied ' + JSON.stringify(got));
    copied++;
  }
  await close(page);
  return `${names.length} names, 0 elements, 0 requests, ${copied} copied as they were`;
}

async function odd() {
  assert.match(html('none'), /holds no samples|Not enough data/);
  assert.match(html('one'), /a change needs two/);
  assert.match(html('equal'), /unchanged|Steady|steady/);
  assert.match(html('falling'), /-\d/);
  assert.match(html('deep'), /below the last row/);
  const page = await open('deep');
  await page.locator('#flame-canvas').focus();
  for (let i = 0; i < 60; i++) await page.keyboard.press('ArrowDown');
  assert.match(await text(page, '#flame-status'), /^shop\/a\.F\d+/);
  await close(page);
  const quiet = /Growing|Watch/;
  for (const f of ['none', 'one', 'equal', 'falling']) assert.doesNotMatch(/<title>([^<]*)/.exec(html(f))[1], quiet, f);
  return ['none', 'one', 'equal', 'falling', 'deep'].map((f) => f + ' "' + /<title>([^<:-]*)/.exec(html(f))[1].trim() + '"').join(', ');
}

async function pictures() {
  let n = 0;
  let largest = 0;
  for (const f of [...FIXTURES, 'diff']) {
    if (!existsSync(out(f, 'svg'))) continue;
    const all = new Set();
    for (const name of readdirSync(out(f, 'svg'))) {
      const path = out(f, 'svg/' + name);
      execFileSync('xmllint', ['--noout', '--nonet', path]);
      const svg = readFileSync(path, 'utf8');
      assert.match(svg, /^(<\?xml[^>]*>\s*)?<svg [^>]*role="img"/, path);
      assert.match(svg, /<title [^>]*>[^<]+<\/title>\s*<desc [^>]*>[^<]+<\/desc>/, path);
      assert.doesNotMatch(svg, /<script|href=|url\(|<foreignObject|<image|@import/, path);
      assert.ok(statSync(path).size <= 2 << 20, path);
      for (const [, id] of svg.matchAll(/ id="([^"]*)"/g)) {
        assert.match(id, /^mt[0-9a-f]{8}/, path);
        assert.ok(!all.has(id), `${path}: ${id} twice`);
        all.add(id);
      }
      largest = Math.max(largest, statSync(path).size);
      n++;
    }
  }
  return `${n} pictures, the largest ${largest >> 10} KiB`;
}

async function markdown() {
  const files = [...FIXTURES.map((f) => [f, 'report.md', 60000]), ['diff', 'report.md', 60000], ['diff', 'pr-comment.md', 60000]].filter(([f, name]) => existsSync(out(f, name)));
  let longest = 0;
  for (const [f, name, limit] of files) {
    const md = readFileSync(out(f, name), 'utf8');
    longest = Math.max(longest, md.length);
    assert.ok(md.length <= limit, `${f}/${name}: ${md.length}`);
    assert.equal(md.split('<details>').length, md.split('</details>').length);
    assert.equal(md.split('\n```').length % 2, 1, 'an open fence');
    if (name === 'pr-comment.md') assert.match(md, /^<!-- memtriage:v1 key=/);
    const cells = (line) => line.replace(/\\\|/g, '').split('|').length;
    const lines = md.split('\n');
    lines.forEach((line, i) => {
      if (/^\|(:?--:?\|)+/.test(line)) for (let k = i - 1; lines[k] && lines[k].startsWith('|'); k++) assert.equal(cells(lines[k]), cells(line), `${f}: ${lines[k].slice(0, 120)}`);
    });
    const rendered = execFileSync('cmark', ['--unsafe', out(f, name)], { encoding: 'utf8' }).replace(/<code[^>]*>[\s\S]*?<\/code>/g, '');
    assert.doesNotMatch(rendered, /<(img|script|a|b|svg)[ >]|<[^>]*onerror|@octocat/, `${f}/${name}`);
  }
  return `${files.length} files, the longest ${longest} characters`;
}

export default [
  [17, 'a print holds the evidence on white, without controls', print],
  [18, 'hostile names add nothing, are shown as escapes, and copied as they are', hostile],
  [20, 'odd inputs give honest words', odd],
  [21, 'every picture is whole and says what it shows', pictures],
  [22, 'Markdown is within its limit, its tables are even, nothing of an input is markup', markdown]
];
