/** A person at a browser: it keeps cookies, and sends the forms of pages with their tokens. */
import { addPerson, linkPerson, type Hub } from "@cairn/hub";
import { codeAt } from "@cairn/sign-in";
import type { Story } from "./story.js";

interface Reply {
  readonly status: number;
  readonly html: string;
  readonly location: string | null;
  readonly headers: Headers;
}

export const PASSWORD = "four words make one";

export class Visit {
  readonly #base: string;
  cookie = "";
  constructor(base: string) {
    this.#base = base;
  }

  async ask(path: string, init: RequestInit = {}): Promise<Reply> {
    const headers = { ...(this.cookie ? { cookie: this.cookie } : {}), ...(init.headers as object) };
    const reply = await fetch(this.#base + path, { ...init, headers, redirect: "manual" });
    const set = reply.headers.getSetCookie().find((each) => each.startsWith("cairn-hub="));
    if (set) this.cookie = (set.split(";")[0] as string).replace(/^cairn-hub=$/, "");
    const html = await reply.text();
    return { status: reply.status, html, location: reply.headers.get("location"), headers: reply.headers };
  }

  /** Sends a form by POST as it is typed. */
  async send(path: string, fields: Readonly<Record<string, string>>): Promise<Reply> {
    return this.ask(path, { method: "POST", body: new URLSearchParams(fields) });
  }

  /** The token of the first form of a page. */
  async token(path: string): Promise<string> {
    return tokenIn((await this.ask(path)).html);
  }
}

export function tokenIn(html: string): string {
  return /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
}

/** Somebody who has been here once, with what they sign in with. */
interface Known {
  readonly name: string;
  readonly key: string; // of one-time codes
}

/** Adds a person and goes through the first visit, so that this browser is signed in as them. */
export async function arrive(
  it: Story,
  name: string,
  role: string,
  groups: readonly string[] = [],
): Promise<{ visit: Visit; known: Known }> {
  const { hub } = it.serving as { hub: Hub };
  await addPerson(hub, { name, role, groups });
  const { path } = await linkPerson(hub, name);
  const visit = new Visit(it.serving.pages);
  const { html } = await visit.ask(path);
  const key = (/<code class="cairn-key">([^<]+)</.exec(html)?.[1] ?? "").replaceAll(" ", "");
  const code = codeAt(key, it.clock.now);
  const fields = { _csrf: tokenIn(html), password: PASSWORD, repeated: PASSWORD, code };
  const done = await visit.send(path, fields);
  if (done.status !== 303) throw new Error(`the first visit failed: ${done.html}`);
  return { visit, known: { name, key } };
}

/** Signs a person in with a code of this moment. A code is good once: the clock goes on before. */
export async function signIn(
  it: Story,
  visit: Visit,
  { name, key }: Known,
  more: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  it.clock.now += 30_000;
  const token = await visit.token("/sign-in");
  return visit.send("/sign-in", {
    ...{ _csrf: token, name, password: PASSWORD, code: codeAt(key, it.clock.now) },
    ...more,
  });
}
