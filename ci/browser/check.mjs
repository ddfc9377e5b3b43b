// SPDX-License-Identifier: Apache-2.0
// Runs the checks in order and prints for each its number, its name, and the figure it returns.
// node ci/browser/check.mjs MEMTRIAGE BUILDDIR [NUMBER...]
import { browser, wanted } from './kit.mjs';
import loading from './loading.mjs';
import reaching from './reaching.mjs';
import reading from './reading.mjs';
import files from './files.mjs';
import exploring from './exploring.mjs';

const checks = [...loading, ...reaching, ...reading, ...files, ...exploring].sort((a, b) => a[0] - b[0]);
let passed = 0;
let failed = 0;
for (const [number, name, run] of checks) {
  if (wanted.length && !wanted.includes(String(number))) continue;
  try {
    const figure = await run();
    passed++;
    console.log(`ok  ${number} ${name}: ${figure}`);
  } catch (e) {
    failed++;
    console.log(`BAD ${number} ${name}\n    ${String(e.message).split('\n').slice(0, 14).join('\n    ')}`);
  }
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
