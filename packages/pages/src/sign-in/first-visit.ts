import { html, svg, type Markup } from "@cairn/text";
import { problemSummary } from "../problems.js";
import { textField, tokenField } from "./fields.js";
import { elsewhereLink, type ElsewhereLink, type PageFrame } from "./sign-in.js";

interface AccountHolder {
  readonly name: string;
  readonly role: string; // in words
}

interface LookAround {
  readonly token: string;
  readonly path: string;
  readonly person: AccountHolder;
}

interface FirstVisit extends LookAround {
  /** The key of one-time codes, in groups of four. */
  readonly key: string;
  /** The same as an address that authenticator apps take. */
  readonly address: string;
  /** The same as a QR code: rows of dark and light modules. */
  readonly picture: readonly (readonly boolean[])[];
  readonly elsewhere: ElsewhereLink | null;
  readonly problem: string | null;
}

/** The page on which whoever has a one-time link sets password and one-time codes. */
export function firstVisitPage(frame: PageFrame, model: FirstVisit): Markup {
  const { token, path, person, key, address, picture, elsewhere, problem } = model;
  return frame({
    title: problem === null ? "Your first visit" : "Problem: your first visit",
    above: [],
    content: html`${problemSummary(problem === null ? [] : [{ words: problem, at: "password" }])}
      <h1>Welcome, ${person.name}</h1>
      <p>You are here as ${person.role}. Choose how you will sign in from now on.</p>
      ${elsewhere !== null && elsewhereLink(elsewhere)}
      <form method="post" action="${path}">
        ${tokenField(token)}
        <input type="text" name="name" value="${person.name}" autocomplete="username" readonly hidden />
        ${textField({
          ...{ name: "password", label: "Password", type: "password", autocomplete: "new-password" },
          hint: "12 characters or more: several words are good",
        })}
        ${textField({
          ...{ name: "repeated", label: "The same password again", type: "password" },
          autocomplete: "new-password",
        })}
        <h2 class="nhsuk-heading-m">One-time codes</h2>
        <p>Scan this with an authenticator app on your phone, or type the key into one.</p>
        ${qrCode(picture)}
        <p>Key: <code class="cairn-key">${key}</code></p>
        <p><a href="${address}">Open it in an app on this device</a></p>
        ${textField({
          ...{ name: "code", label: "One-time code", digits: true, autocomplete: "one-time-code" },
          hint: "The six digits that the app shows now",
        })}
        <button class="nhsuk-button" type="submit">Finish and sign in</button>
      </form>`,
  });
}

/** Dark modules on a light ground, in light and in dark pages alike: a phone needs the contrast this way round. */
function qrCode(rows: FirstVisit["picture"]): Markup {
  const path = rows
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join("");
  const side = rows.length;
  return svg`<svg class="cairn-qr" viewBox="0 0 ${side} ${side}" width="220" height="220" role="img" aria-labelledby="qr-title" shape-rendering="crispEdges">
    <title id="qr-title">QR code of the key below</title>
    <rect width="${side}" height="${side}" fill="#fff" /><path d="${path}" fill="#000" />
  </svg>`;
}

/** The page behind a demo's link, which signs in once without a password. */
export function lookAroundPage(frame: PageFrame, { token, path, person }: LookAround): Markup {
  return frame({
    title: "Look around",
    above: [],
    content: html`<h1>Look around as ${person.name}</h1>
      <p>These are invented practices. You will see what their ${person.role} sees.</p>
      <form method="post" action="${path}">
        ${tokenField(token)}
        <button class="nhsuk-button" type="submit">Look around as ${person.role}</button>
      </form>`,
  });
}

/** The page behind a link that no longer works, or never was. */
export function linkGonePage(frame: PageFrame): Markup {
  return frame({
    title: "This link no longer works",
    above: [],
    content: html`<h1>This link no longer works</h1>
      <p>
        A link works once, for three days, and ends when a newer one is made. If you have set how you sign in,
        <a href="/sign-in">sign in</a>. Otherwise ask whoever gave you the link for a new one.
      </p>`,
  });
}
