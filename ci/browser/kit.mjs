// SPDX-License-Identifier: Apache-2.0
// What the checks share: the browser, the reports, how busy the machine is.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';

export const [tool, build, ...wanted] = process.argv.slice(2);
const require = createRequire(resolve(build) + '/x.js');
const { chromium } = require('playwright-core');
export const axe = () => readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
export const out = (name, file = 'report.html') => resolve(build, 'out', name, file);
export const html = (name) => readFileSync(out(name), 'utf8');
// Reports of bundles, and every page there is; what checks write has a dot in its name.
export const PAGES = readdirSync(resolve(build, 'out')).filter((f) => !f.includes('.')).sort();
export const FIXTURES = PAGES.filter((f) => f !== 'diff');

export const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu']
});

export const READY = () => performance.getEntriesByName('memtriage:ready').length > 0;

// Opens a report; page.seen collects console messages, errors and requests.
export async function open(name, options = {}) {
  const { hash = '', url, init, wait = true, ...context } = options;
  const c = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...context });
  const page = await c.newPage();
  page.seen = { messages: [], errors: [], requests: [] };
  page.on('console', (m) => page.seen.messages.push(m.text()));
  page.on('pageerror', (e) => page.seen.errors.push(e.message));
  page.on('request', (r) => page.seen.requests.push(r.url()));
  page.on('dialog', (d) => { page.seen.errors.push('dialog'); d.dismiss(); });
  if (init) await page.addInitScript(init);
  await page.goto((url || 'file://' + out(name)) + hash);
  if (wait && context.javaScriptEnabled !== false) await page.waitForFunction(READY, null, { timeout: 120000 });
  return page;
}
export const close = (page) => page.context().close();

// The typical report from a server on loopback with other headers.
export async function serve(headers, run) {
  const server = createServer((q, a) => {
    if (q.url !== '/') { a.writeHead(404); a.end(); return; }
    a.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers });
    a.end(html('typical'));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  try { return await run('http://127.0.0.1:' + server.address().port + '/'); } finally { server.close(); }
}

export const text = (page, selector) => page.locator(selector).textContent();
export const state = (page) => page.evaluate(() => location.hash);
// [[names from the root, value]] of what the program writes for other flame graph tools.
export function stacksOf(path, ...options) {
  const folded = spawnSync(tool, ['report', path, '--format', 'folded', '-o', '-', '--quiet', ...options], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout;
  return folded.trim().split('\n').map((l) => /^(.*) (\d+)$/.exec(l)).filter(Boolean).map((m) => [m[1].split(';'), +m[2]]);
}
export const total = (stacks, test = () => true) => stacks.filter(([names]) => test(names)).reduce((sum, s) => sum + s[1], 0);
export const mib = (v) => (v / 1048576).toFixed(1) + ' MiB';

// Elements in sight, by what is asked of each.
export const each = (page, selector, ask) => page.locator(selector).evaluateAll(ask);

// Wall time over CPU time of a short loop: how much longer everything takes because of others.
export function busy() {
  const cpu = process.cpuUsage();
  const from = performance.now();
  let x = 1;
  for (let spent = 0; spent < 60000;) {
    for (let i = 0; i < 1e5; i++) x = (x * 16807) % 2147483647;
    const used = process.cpuUsage(cpu);
    spent = used.user + used.system;
  }
  const used = process.cpuUsage(cpu);
  return Math.max(1, (performance.now() - from) * 1000 / (used.user + used.system) + x * 0);
}
