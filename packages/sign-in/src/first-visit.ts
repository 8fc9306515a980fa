/** The first visit, by a one-time link: a person sets password and one-time codes. */
import { roleWords } from "@cairn/access";
import { firstVisitPage, linkGonePage, lookAroundPage } from "@cairn/pages";
import type { Markup } from "@cairn/text";
import type { FastifyReply, FastifyRequest } from "fastify";
import { encode } from "uqr";
import { addressLimit } from "./address-limit.js";
import { codeAddress, newCodeKey, placeOfCode } from "./one-time-code.js";
import { digestOf } from "./one-time-link.js";
import { hashPassword, passwordProblem } from "./password.js";
import type { FormFields } from "./request.js";
import { open, openForm, send, type FormOutcome } from "./routes.js";
import { beginSession } from "./session.js";
import type { Side, Site } from "./site.js";
import type { Account, OneTimeLink } from "./store.js";
import type { WayInSettings } from "./way-in.js";
import type { AccountPerson } from "./who-asks.js";

const PATH = "/first-visit/:secret";
const WHY = "whoever has a one-time link has no account yet";

/** Puts the pages behind one-time links on a site, whose app has sessions. */
export function firstVisit<S extends Side, V, P extends AccountPerson>(
  site: Site<S, V>,
  { store, now, frame, name, elsewhere, lookAround }: WayInSettings<P>,
): void {
  const limit = addressLimit(site.app, frame);
  /** The link of a request; null where there is none that is taken here. */
  async function linkOf(request: FastifyRequest): Promise<OneTimeLink<P> | null> {
    const link = await store.link(digestOf(secretOf(request)));
    return link && (lookAround || !link.looksAround) ? link : null;
  }

  open(site, {
    path: PATH,
    why: WHY,
    limit,
    answer: async (request, reply) => {
      const link = await linkOf(request);
      if (!link) return send(reply.code(404), linkGonePage(frame));
      const { person } = link.account;
      if (link.looksAround)
        return send(reply, lookAroundPage(frame, { ...tokenOf(request, reply), person: told(person) }));
      return send(reply, await setUpPage(request, reply, link.account, null));
    },
  });
  openForm(site, {
    path: PATH,
    why: WHY,
    limit,
    send: async (request, fields, reply) => {
      const digest = digestOf(secretOf(request));
      const link = await linkOf(request);
      if (!link) return { status: 404, page: linkGonePage(frame) };
      const { account } = link;
      if (link.looksAround) {
        if (!(await store.useLink(digest))) return { status: 404, page: linkGonePage(frame) };
        await store.signedIn(account, "look-around-link", null);
      } else {
        const refused = await setUp(request, reply, digest, account, fields);
        if (refused) return refused;
      }
      await beginSession(request, account.id, now());
      return { goTo: "/" };
    },
  });

  /** Sets password and key. @returns the page again where something is not right */
  async function setUp(
    request: FastifyRequest,
    reply: FastifyReply,
    digest: Buffer,
    account: Account<P>,
    fields: FormFields,
  ): Promise<FormOutcome | null> {
    const { password = "", repeated = "", code = "" } = fields;
    const { setUp: shown } = request.session;
    const place = shown?.link === digest.toString("hex") ? placeOfCode(shown.codeKey, code, now()) : null;
    const problem =
      passwordProblem(password, account.person.name) ??
      (password === repeated ? null : "The two passwords are not the same.") ??
      (place === null ? "The code is not right: type the six digits that your app shows now." : null);
    if (problem !== null || place === null || !shown)
      return { status: 422, page: await setUpPage(request, reply, account, problem) };
    const credentials = { password: await hashPassword(password), codeKey: shown.codeKey };
    if (!(await store.setUp(digest, credentials))) return { status: 404, page: linkGonePage(frame) };
    await store.signedIn({ ...account, ...credentials }, "password", place);
    return null;
  }

  /** The page on which password and key are set. The key stays the same while its link does. */
  async function setUpPage(
    request: FastifyRequest,
    reply: FastifyReply,
    { person }: Account<P>,
    problem: string | null,
  ): Promise<Markup> {
    const link = digestOf(secretOf(request)).toString("hex");
    const { setUp: shown } = request.session;
    const codeKey = shown?.link === link ? shown.codeKey : newCodeKey();
    request.session.setUp = { link, codeKey };
    const there = await elsewhere();
    const address = codeAddress(codeKey, name, person.name);
    return firstVisitPage(frame, {
      ...tokenOf(request, reply),
      ...{ person: told(person), problem },
      elsewhere:
        there === null ? null : { name: there, href: `/sign-in/elsewhere?link=${secretOf(request)}` },
      key: (codeKey.match(/.{1,4}/g) ?? []).join(" "),
      address,
      picture: encode(address, { ecc: "M", border: 4 }).data,
    });
  }
}

function secretOf(request: FastifyRequest): string {
  return (request.params as { readonly secret: string }).secret;
}

function tokenOf(request: FastifyRequest, reply: FastifyReply): { token: string; path: string } {
  return { token: reply.generateCsrf(), path: request.url };
}

function told({ name, role }: AccountPerson): { readonly name: string; readonly role: string } {
  return { name, role: roleWords(role) };
}
