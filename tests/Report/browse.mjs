// Opens pages in chromium as their readers do, and fails if one of them is not as it must be:
//   node browse.mjs FOLDER AXE
// FOLDER holds the pages; pictures and PDFs are written beside them. AXE is axe-core's program.
// Each page is opened on a desktop in light and dark, on a phone, and printed on A4. What must hold:
// - the console has no message, and the page asks the network for nothing;
// - axe-core finds nothing against WCAG 2.1 A and AA (contrast included), nor against its own good practice;
// - nothing is wider than the screen or the sheet;
// - it opens in under a second (median of five).
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, axePath] = process.argv.slice(2);
if (!axePath) {
  console.error('usage: node browse.mjs FOLDER AXE');
  process.exit(2);
}

const openedWithin = 1000, loads = 5, patience = 60_000;
// A4 less the margins of report.css, in CSS pixels.
const sheet = { width: 703, height: 1024 };
const views = [
  { name: 'light', width: 1280, height: 900, scheme: 'light' },
  { name: 'dark', width: 1280, height: 900, scheme: 'dark' },
  { name: 'phone', width: 390, height: 844, scheme: 'light', mobile: true },
  { name: 'phone-dark', width: 390, height: 844, scheme: 'dark', mobile: true },
  { name: 'print', ...sheet, scheme: 'light', media: 'print' },
];

/** A browser that is spoken to over a pipe: no port, and no further program. */
class Browser {
  #process;
  #profile = mkdtempSync(join(tmpdir(), 'browse-'));
  #next = 1;
  #open = new Map();
  #rest = Buffer.alloc(0);
  onEvent = () => {};

  constructor() {
    this.#process = spawn('chromium', [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars', '--no-first-run',
      '--remote-debugging-pipe', `--user-data-dir=${this.#profile}`,
    ], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.ended = new Promise((done, fail) => {
      this.#process.once('error', fail);
      this.#process.once('exit', done);
    });
    this.ended.then(() => this.#failAll(new Error('chromium ended')), error => this.#failAll(error));
    this.#process.stdio[4].on('data', data => this.#read(data));
  }

  #failAll(error) {
    for (const { fail } of this.#open.values()) fail(error);
    this.#open.clear();
  }

  #read(data) {
    this.#rest = Buffer.concat([this.#rest, data]);
    for (let end; (end = this.#rest.indexOf(0)) >= 0; ) {
      const message = JSON.parse(this.#rest.subarray(0, end).toString());
      this.#rest = this.#rest.subarray(end + 1);
      const waiting = this.#open.get(message.id);
      if (!waiting) this.onEvent(message);
      else {
        this.#open.delete(message.id);
        if (message.error) waiting.fail(new Error(`${waiting.method}: ${message.error.message}`));
        else waiting.done(message.result);
      }
    }
  }

  send(method, params = {}, sessionId = undefined) {
    const id = this.#next++;
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`${method}: no answer within ${patience / 1000} s`)), patience);
      const settle = action => value => {
        clearTimeout(timer);
        action(value);
      };
      this.#open.set(id, { method, done: settle(done), fail: settle(fail) });
      this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  async close() {
    await this.send('Browser.close').catch(() => this.#process.kill());
    await this.ended.catch(() => {});
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** One tab. Everything that it says unasked is kept. */
class Tab {
  said = [];
  #waiting = new Map();

  static async open(browser) {
    const tab = new Tab();
    tab.browser = browser;
    const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' });
    tab.session = (await browser.send('Target.attachToTarget', { targetId, flatten: true })).sessionId;
    browser.onEvent = event => tab.#hear(event);
    for (const part of ['Page', 'Runtime', 'Log', 'Network']) await tab.send(`${part}.enable`);
    return tab;
  }

  send(method, params) {
    return this.browser.send(method, params, this.session);
  }

  #hear({ method, params, sessionId }) {
    if (sessionId !== this.session) return;
    this.#waiting.get(method)?.();
    if (method === 'Runtime.consoleAPICalled') this.said.push(`console.${params.type}: ${params.args.map(arg => arg.value ?? arg.description).join(' ')}`);
    if (method === 'Runtime.exceptionThrown') this.said.push(`exception: ${params.exceptionDetails.exception?.description ?? params.exceptionDetails.text}`);
    if (method === 'Log.entryAdded') this.said.push(`${params.entry.level}: ${params.entry.text}`);
    if (method === 'Network.requestWillBeSent' && !/^(file|data|about):/.test(params.request.url)) this.said.push(`request: ${params.request.url}`);
  }

  #once(method) {
    return new Promise(done => this.#waiting.set(method, () => {
      this.#waiting.delete(method);
      done();
    }));
  }

  async show(view) {
    await this.send('Emulation.setDeviceMetricsOverride', { width: view.width, height: view.height, deviceScaleFactor: 1, mobile: !!view.mobile });
    await this.send('Emulation.setEmulatedMedia', { media: view.media ?? '', features: [{ name: 'prefers-color-scheme', value: view.scheme }] });
  }

  async go(url) {
    const loaded = this.#once('Page.loadEventFired');
    await this.send('Page.navigate', { url });
    await loaded;
  }

  async run(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Milliseconds from the request to the first frame that has the whole page. */
  async time(url) {
    await this.go('about:blank');
    await this.go(url);
    return this.run('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))');
  }
}

const openAll = 'document.querySelectorAll("details").forEach(part => { part.open = true; })';
// A part that scrolls by itself may be wider than the screen; the page may not, and on paper nothing scrolls.
const tooWide = view => `(() => {
  const width = document.documentElement.clientWidth, found = [];
  if (document.documentElement.scrollWidth > width) found.push('the page is ' + document.documentElement.scrollWidth + ' wide');
  if (${!!view.mobile}) for (const part of document.querySelectorAll('.scroll:has(table.stack)'))
    if (part.scrollWidth > part.clientWidth + 8) found.push('a table of ' + part.closest('section').id + ' is ' + part.scrollWidth + ' wide');
  if (${view.media === 'print'}) for (const table of document.querySelectorAll('main table')) {
    const right = Math.round(table.getBoundingClientRect().right);
    if (right > width + 1) found.push((table.getAttribute('aria-label') || table.closest('section').id) + ' ends at ' + right);
  }
  return found.map(text => text + ' of ' + width);
})()`;
const audit = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], resultTypes: ['violations'] }).then(result =>
  result.violations.map(rule => ({ id: rule.id, help: rule.help, nodes: rule.nodes.map(node => node.target.join(' ') + ': ' + node.failureSummary.split('\\n').slice(1).join(' ').trim()) })))`;

const problems = [];
const axe = readFileSync(axePath, 'utf8');
const browser = new Browser();
try {
  const tab = await Tab.open(browser);
  for (const file of readdirSync(folder).filter(name => name.endsWith('.html')).sort()) {
    const page = resolve(folder, file), url = pathToFileURL(page).href, name = basename(file, '.html');
    const problem = text => problems.push(`${name}: ${text}`);
    await tab.show(views[0]);
    const times = [];
    for (let load = 0; load < loads; load++) times.push(await tab.time(url));
    const median = times.sort((a, b) => a - b)[loads >> 1];
    if (median >= openedWithin) problem(`opens in ${median.toFixed(0)} ms`);
    console.log(`${name}: opens in ${median.toFixed(0)} ms`);
    for (const view of views) {
      await tab.show(view);
      await tab.go(url);
      await tab.run(openAll);
      for (const text of await tab.run(tooWide(view))) problem(`${view.name}: ${text}`);
      await tab.run(`${axe};0`);
      for (const rule of await tab.run(audit))
        problem(`${view.name}: ${rule.id}: ${rule.help} (${rule.nodes.length}): ${rule.nodes.slice(0, 3).join(' | ')}`);
      // As it is opened, not with everything unfolded.
      await tab.go(url);
      const { data } = await tab.send('Page.captureScreenshot', { captureBeyondViewport: true, clip: await clip(tab, view) });
      writeFileSync(join(folder, `${name}-${view.name}.png`), Buffer.from(data, 'base64'));
    }
    const pdf = Buffer.from((await tab.send('Page.printToPDF', { preferCSSPageSize: true, printBackground: true })).data, 'base64');
    writeFileSync(join(folder, `${name}.pdf`), pdf);
    const sizes = [...pdf.toString('latin1').matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(match => `${Math.round(match[1])}x${Math.round(match[2])}`);
    if (sizes.length === 0 || sizes.some(size => !/^59[45]x84[12]$/.test(size))) problem(`is printed on ${[...new Set(sizes)].join(', ') || 'nothing'}, not on A4`);
    console.log(`${name}: ${sizes.length} pages of A4`);
    for (const text of new Set(tab.said.splice(0))) problem(text);
  }
} finally {
  await browser.close();
}

async function clip(tab, view) {
  const { cssContentSize } = await tab.send('Page.getLayoutMetrics');
  // A picture has its limits.
  return { x: 0, y: 0, width: view.width, height: Math.min(Math.ceil(cssContentSize.height), 16_000), scale: 1 };
}

for (const text of problems) console.error(text);
process.exitCode = problems.length ? 1 : 0;
