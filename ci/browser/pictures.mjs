// SPDX-License-Identifier: Apache-2.0
// Pictures of a report, to be looked at: node ci/browser/pictures.mjs BUILDDIR REPORT.html OUT [WIDTH...]
import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

const [build, report, out, ...widths] = process.argv.slice(2);
const { chromium } = createRequire(resolve(build) + '/x.js')('playwright-core');
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });

async function shoot(name, options, run) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto('file://' + resolve(report));
  if (options.javaScriptEnabled !== false)
    await page.waitForFunction(() => performance.getEntriesByName('memtriage:ready').length > 0, null, { timeout: 60000 });
  await page.waitForTimeout(200);
  await run(page, name);
  await context.close();
}
// In pieces: pictures of whole pages are too tall for some viewers.
async function whole(page, name) {
  const { width, height } = await page.evaluate(() => ({ width: document.documentElement.clientWidth, height: document.documentElement.scrollHeight }));
  const piece = width < 500 ? 2400 : 1800;
  for (let y = 0, i = 1; y < height; y += piece, i++)
    await page.screenshot({ path: `${out}/${name}-${i}.png`, fullPage: true, clip: { x: 0, y, width, height: Math.min(piece, height - y) } });
}

for (const width of widths.length ? widths.map(Number) : [360, 768, 1280, 1920])
  for (const colorScheme of (process.env.SCHEME || 'light dark').split(' '))
    await shoot(`${width}-${colorScheme}`, { viewport: { width, height: width === 360 ? 640 : 800 }, colorScheme }, whole);
await shoot('1280-no-script', { viewport: { width: 1280, height: 800 }, javaScriptEnabled: false }, whole);
await shoot('print', { viewport: { width: 1280, height: 800 } }, (page, name) => page.pdf({ path: `${out}/${name}.pdf`, format: 'A4' }));
await browser.close();
