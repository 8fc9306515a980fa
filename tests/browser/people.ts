/** People in a browser of their own, without scripts: they come in, and leave. */
import { addPerson, linkPerson } from "@cairn/hub";
import { codeAt } from "@cairn/sign-in";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Test } from "tap";
import type { Story } from "../../packages/hub/test/story.js";
import type { KeeperStore } from "../../packages/keeper/src/store/store.js";
import * as practice from "../../packages/keeper/src/people/people.js";

const PASSWORD = "four words make one";

/** A way in that somebody was given: a one-time link at this address. */
export interface GivenLink {
  readonly address: string; // of the site
  readonly path: string;
  readonly now: () => number;
}

interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Of their one-time codes. */
  readonly key: string;
}

/** Gives somebody an account at the hub. @param groups none for a role that is there for every group */
export async function atHub(
  it: Story,
  name: string,
  role: string,
  groups: readonly string[],
): Promise<GivenLink> {
  await addPerson(it.serving.hub, { name, role, groups: [...groups] });
  const { path } = await linkPerson(it.serving.hub, name);
  return { address: it.serving.pages, path, now: () => it.clock.now };
}

/** Gives somebody an account at a practice. */
export function atPractice(store: KeeperStore, address: string, name: string, role: string): GivenLink {
  practice.addPerson(store, name, role);
  return { address, path: practice.linkPerson(store, name).path, now: store.now };
}

/** Somebody opens their one-time link, sets a password and codes, and is signed in. */
export async function comesIn(
  t: Test,
  browser: Browser,
  { address, path, now }: GivenLink,
): Promise<Visitor> {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    ignoreHTTPSErrors: true, // a test's certificate is its own
    viewport: { width: 1280, height: 900 },
  });
  t.teardown(() => context.close());
  const page = await context.newPage();
  await page.goto(address + path);
  const key = ((await page.locator(".cairn-key").textContent()) ?? "").replaceAll(" ", "");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("The same password again").fill(PASSWORD);
  await page.getByLabel("One-time code").fill(codeAt(key, now()));
  await page.getByRole("button", { name: "Finish and sign in" }).click();
  await page.waitForURL(`${address}/`);
  return { context, page, key };
}

/** Somebody who has come in before signs in, at the page that asks for it. */
export async function signsIn(page: Page, name: string, key: string, now: number): Promise<void> {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByLabel("One-time code").fill(codeAt(key, now));
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Somebody signs out from wherever they are; what they saw is then behind the door again. */
export async function signsOut(t: Test, page: Page): Promise<void> {
  const seen = page.url();
  await page.getByRole("link", { name: "Your account" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  t.equal(new URL(page.url()).pathname, "/sign-in");
  await page.goto(seen);
  t.equal(new URL(page.url()).pathname, "/sign-in", "and sees nothing more");
}
