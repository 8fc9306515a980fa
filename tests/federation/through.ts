/** A link of somebody's, opened as a browser does. */

export interface Eyes {
  /** The first page with the account's, or what stands in the link's place. */
  readonly html: string;
  ask(path: string): Promise<number>;
  see(path: string): Promise<{ readonly status: number; readonly body: string }>;
}

/** Opens a link: its page, its form, and where that leads. */
export async function through(link: string): Promise<Eyes> {
  const cookieOf = (reply: Response): string =>
    (reply.headers.getSetCookie()[0] ?? "").split(";")[0] as string;
  const shown = await fetch(link);
  const html = await shown.text();
  const _csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1];
  if (_csrf === undefined)
    return { html, ask: async () => shown.status, see: async () => ({ status: shown.status, body: html }) };
  const sent = await fetch(link, {
    ...{ method: "POST", body: new URLSearchParams({ _csrf }), redirect: "manual" },
    headers: { cookie: cookieOf(shown) },
  });
  const at = (path: string): Promise<Response> =>
    fetch(new URL(path, link), { headers: { cookie: cookieOf(sent) }, redirect: "manual" });
  const pages = [await at("/"), await at("/account")];
  return {
    html: (await Promise.all(pages.map((page) => page.text()))).join(""),
    ask: async (path) => (await at(path)).status,
    see: async (path) => {
      const reply = await at(path);
      return { status: reply.status, body: await reply.text() };
    },
  };
}
