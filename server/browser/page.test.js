// The search page as a citizen meets it, in a real browser. TERRACE_URL is the address of a running sample cluster's search page;
// CHROMIUM the browser's path, where it is not Debian's.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";

const home = process.env.TERRACE_URL;
const skip = home ? false : "TERRACE_URL names no running search page";
const options = {
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
  locale: "zh-CN",
};
const at = (params) => `${home}?${new URLSearchParams(params)}`;
const asked = at({ q: "公积金" });

describe("the search page", { skip }, () => {
  let folder, context, axe;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "terrace-browser-"));
    context = await chromium.launchPersistentContext(folder, options);
    axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  });
  after(async () => {
    await context?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  // open gives a page; what the browser complains of (the content policy among it) fails the test.
  async function open(t, url, { width = 1280, height = 800, ...more } = {}) {
    const page = await (Object.keys(more).length ? await fresh(t, more) : context).newPage();
    await page.setViewportSize({ width, height });
    const complaints = [];
    page.on("console", (m) => m.type() === "error" && complaints.push(m.text()));
    page.on("pageerror", (e) => complaints.push(e.message));
    t.after(async () => {
      await page.close();
      assert.deepEqual(complaints.filter((c) => !/status of (4|5)\d\d/.test(c)), []);
    });
    await page.goto(url);
    return page;
  }
  // fresh gives a browser of its own, for what a context cannot change later.
  async function fresh(t, more) {
    const browser = await chromium.launch(options);
    t.after(() => browser.close());
    return browser.newContext({ locale: "zh-CN", ...more });
  }

  const heading = (page) => page.locator("h1").innerText();
  const total = async (page) => Number((await page.locator("h1 small").innerText()).replaceAll(/\D/g, ""));
  const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

  test("a citizen searches, chooses a department, goes back, and opens a hit", async (t) => {
    const page = await open(t, home);
    await page.getByLabel("关键词").fill("公积金");
    await page.getByRole("button", { name: "搜索", exact: true }).click();
    await page.waitForURL(/q=/);
    const all = await total(page);
    assert.ok(all > 0, await heading(page));
    assert.ok((await page.locator(".hits mark").allInnerTexts()).every((m) => "公积金".includes(m) || m.includes("公积金")));
    assert.ok(await page.locator(".hits li").first().locator("mark").count() > 0);

    const group = page.locator("aside .group", { has: page.getByRole("heading", { name: "部门" }) });
    const choice = group.getByRole("link").first();
    const box = await choice.boundingBox();
    assert.ok(box.y + box.height < 800, "the first department is in sight without scrolling");
    const [name, count] = [await choice.locator(".name").innerText(), Number(await choice.locator(".n").innerText())];
    await choice.click();
    await page.waitForURL(/department=/);
    assert.equal(await total(page), count);
    assert.match(await page.locator(".chips").innerText(), new RegExp(name));
    assert.equal(await group.locator("[aria-current]").count(), 1);

    await page.goBack();
    assert.equal(await total(page), all);
    assert.equal(await page.getByLabel("关键词").inputValue(), "公积金");

    const hit = page.locator(".hits a").first();
    const href = await hit.getAttribute("href");
    await hit.click();
    await page.waitForURL(href);
  });

  test("a citizen browses a department without words, then searches inside it", async (t) => {
    const page = await open(t, home);
    const department = page.locator(".scopes", { has: page.getByRole("heading", { name: "按部门" }) }).getByRole("link").first();
    const [name, count] = [await department.locator(".name").innerText(), Number(await department.locator(".n").innerText())];
    await department.click();
    await page.waitForURL(/department=/);
    assert.match(await heading(page), new RegExp(name));
    assert.equal(await total(page), count);
    const days = await page.locator(".hits time").allInnerTexts();
    assert.ok(days.length > 1);
    assert.deepEqual(days, days.toSorted().reverse());
    await page.getByLabel("关键词").fill("通知");
    await page.getByRole("button", { name: "搜索", exact: true }).click();
    await page.waitForURL(/q=.*department=/);
    assert.ok(await total(page) < count);
  });

  test("a result says what the page would be opened for", async (t) => {
    const page = await open(t, at({ q: "提取公积金", kind: "service" }));
    const cards = page.locator(".hits .card");
    assert.equal(await cards.count(), await page.locator(".hits > li").count());
    assert.deepEqual(await cards.first().locator("dt").allInnerTexts(), ["地点", "时间", "电话", "时限", "材料"]);
    await page.goto(at({ q: "公积金", kind: "interaction" }));
    assert.deepEqual(await cards.first().locator("dt").allInnerTexts(), ["来信", "答复"]);
    await page.setViewportSize({ width: 320, height: 640 });
    assert.ok(await sideways(page) <= 0, "the cards fit a screen of 320 px");
  });

  test("the keyboard is enough", async (t) => {
    const page = await open(t, asked);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "跳到主要内容");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.id), "q");
    await page.keyboard.type("提取/");
    await page.keyboard.press("Enter");
    await page.waitForURL(/%2F|\//);
    assert.match(await heading(page), /提取/);

    await page.goto(asked);
    const reached = new Set();
    for (let i = 0; i < 200; i++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement === document.body)) break; // past the last stop
      const where = await page.evaluate(() => {
        const e = document.activeElement;
        const seen = e.getBoundingClientRect();
        const style = getComputedStyle(e);
        const ring = style.outlineStyle !== "none" || style.boxShadow !== "none" || e.matches(".box input, [type=date]"); // the browser rings the parts of a date itself
        return { part: e.closest(".tabs, aside, .orders, .hits, .pages")?.className ?? "", seen: seen.width > 0 && seen.height > 0, ring };
      });
      assert.ok(where.seen && where.ring, `stop ${i} shows where the focus is`);
      reached.add(where.part);
    }
    for (const part of ["tabs", "filters", "orders", "hits", "pages"]) assert.ok(reached.has(part), `${part} can be reached`);
  });

  test("it fits a screen of 320 px, and the filters open there", async (t) => {
    for (const url of [home, asked, at({ q: "公积金", elder: 1 }), at({ q: "没有这样的词语", elder: 0 }), at({ q: "字".repeat(201) }), at({ q: "w".repeat(150) })]) {
      const page = await open(t, url, { width: 320, height: 640 });
      assert.equal(await sideways(page), 0, url);
    }
    const page = await open(t, asked, { width: 320, height: 640 });
    const department = page.getByRole("heading", { name: "部门" });
    assert.equal(await department.isVisible(), false);
    await page.locator("#filters > summary").click();
    assert.equal(await department.isVisible(), true);
    assert.equal(await sideways(page), 0);
    for (const link of await page.locator("aside a:visible, .tabs a, .orders a, .pages a").all()) {
      assert.ok((await link.boundingBox()).height >= 44, `${await link.innerText()} is large enough to touch`);
    }
  });

  test("it works without JavaScript", async (t) => {
    const page = await open(t, home, { javaScriptEnabled: false });
    await page.getByLabel("关键词").fill("公积金");
    await page.getByRole("button", { name: "搜索", exact: true }).click();
    const all = await total(page);
    assert.ok(all > 0);
    await page.locator("aside a").first().click();
    assert.ok(await total(page) <= all);
    assert.equal(await page.locator(".chips a").count(), 1);
    await page.getByLabel("从").fill("2020-01-01");
    await page.getByRole("button", { name: "按日期筛选" }).click();
    assert.equal(await page.getByLabel("从").inputValue(), "2020-01-01");
    assert.match(page.url(), /department=.*date_from=2020-01-01|date_from=2020-01-01.*department=/);

    const phone = await open(t, asked, { javaScriptEnabled: false, width: 320, height: 640 });
    assert.equal(await sideways(phone), 0);
    await phone.locator("#filters > summary").click();
    assert.equal(await phone.getByRole("heading", { name: "部门" }).isVisible(), true);
  });

  test("empty dates stay out of the address", async (t) => {
    const page = await open(t, asked);
    await page.getByLabel("到").fill("2024-12-31");
    await page.getByRole("button", { name: "按日期筛选" }).click();
    await page.waitForURL(/date_to=2024-12-31/);
    assert.doesNotMatch(page.url(), /date_from/);
  });

  test("the elders' page is remembered and larger", async (t) => {
    const page = await open(t, asked);
    const size = () => page.locator(".meta").first().evaluate((e) => parseFloat(getComputedStyle(e).fontSize));
    const plain = await size();
    await page.getByRole("link", { name: "长者版" }).click();
    assert.ok(await size() >= 18 && await size() > plain);
    await page.goto(asked);
    assert.ok(await size() >= 18);
    assert.ok((await page.getByRole("button", { name: "搜索", exact: true }).boundingBox()).height >= 60);
    await page.getByRole("link", { name: "标准版" }).click();
    assert.equal(await size(), plain);
  });

  const states = {
    start: home, browsed: at({ department: "公积金中心" }), results: asked,
    services: at({ q: "提取公积金", kind: "service" }), letters: at({ q: "公积金", kind: "interaction" }), policies: at({ q: "办法", kind: "policy" }),
    filtered: at({ q: "公积金", kind: "service", date_from: "2015-01-01", page: 2 }), nothing: at({ q: "公积金", column: "没有这个栏目" }),
    ignored: at({ q: "？" }), error: at({ q: "字".repeat(201) }), elder: at({ q: "公积金", elder: 1 }), contrast: at({ q: "公积金", elder: 0, contrast: 1 }),
    plain: at({ q: "公积金", contrast: 0 }),
  };
  for (const [name, url] of Object.entries(states)) {
    test(`axe finds nothing wrong: ${name}`, async (t) => {
      for (const width of [1280, 360]) {
        const page = await open(t, url, { width });
        if (width < 960 && await page.locator("#filters").count()) await page.locator("#filters > summary").click();
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
        assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" | ")}`), [], `${name} at ${width} px`);
      }
    });
  }

  test("forced colours keep what is chosen apart", async (t) => {
    const page = await open(t, asked, { forcedColors: "active" });
    assert.notEqual(await page.locator(".tabs [aria-current]").evaluate((e) => getComputedStyle(e).outlineStyle), "none");
  });
});
