/** Pages in a real Chromium: accessible, on a screen, a phone and paper, with scripts off, calling out to nobody. */
import t from "tap";
import { sixOfEight } from "../../packages/hub/test/cluster.js";
import { GROUP, story } from "../../packages/hub/test/story.js";
import { pagesOf } from "../../packages/keeper/src/pages/app.js";
import { practice } from "../../packages/keeper/test/fixtures/practice.js";
import { released, RUN } from "../../packages/keeper/test/fixtures/released.js";
import { browserFor, look, onPaper, skip, WIDTHS } from "./look.js";

t.setTimeout(240_000); // a machine that does other work beside it

t.test("the hub's pages", { skip, timeout: 240_000 }, async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await sixOfEight(it, { queries: ["bp-control", "hypertension-register"], periods: 2 });
  const browser = await browserFor(t);
  const group = `/groups/${encodeURIComponent(GROUP)}`;
  for (const path of ["/", group, `${group}/bp-control`, "/nowhere"]) {
    for (const width of WIDTHS) {
      await t.test(`${path} at ${width}`, async (t) => look(t, browser, it.serving.pages + path, { width }));
    }
  }
  await t.test("on paper", async (t) => onPaper(t, browser, `${it.serving.pages}${group}/bp-control`));
});

t.test("a practice's own pages", { skip, timeout: 240_000 }, async (t) => {
  const started = await practice(t).start();
  await released(started);
  const app = await pagesOf(started.keeper);
  t.teardown(() => app.close());
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  const browser = await browserFor(t);
  for (const path of ["/", `/runs/${RUN}`, "/nowhere"]) {
    for (const width of WIDTHS) {
      await t.test(`${path} at ${width}`, async (t) => look(t, browser, address + path, { width }));
    }
  }
});
