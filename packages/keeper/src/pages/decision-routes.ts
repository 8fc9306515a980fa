/** The forms by which people of the practice decide: the same functions as the commands, and nothing done twice or unseen. */
import { notDonePage } from "@cairn/pages";
import { form, type FormFields, type FormOutcome } from "@cairn/sign-in";
import { approve, decline } from "../decisions/approve.js";
import { keepRelease, approveRelease } from "../decisions/held-releases.js";
import { withdraw } from "../decisions/withdraw.js";
import { join, leave } from "../decisions/membership.js";
import { pause, resume, setHold } from "../decisions/standing-decisions.js";
import { KeeperError } from "../errors.js";
import type { Keeper } from "../keeper.js";
import { findRun } from "../runs/run.js";
import { questionNamed } from "./question-model.js";
import { named, type PracticeSite } from "./site.js";
import { asSeen, groupStands, holdStands, pauseStands, queryStands, runStands } from "./stands.js";

export function decisionRoutes(site: PracticeSite, keeper: Keeper): void {
  const { store } = keeper;
  const about = () => ({ practice: store.origin });
  form(site, {
    path: "/questions/:query/decide",
    action: "decide-queries",
    about,
    from: ({ params }) => `/questions/${encodeURIComponent(params.query)}`,
    send: (person, { params }, fields) => {
      const query = questionNamed(keeper, params.query)?.query;
      if (query === undefined) return null;
      const goTo = `/questions/${encodeURIComponent(query)}`;
      const seen = asSeen(queryStands(query), fields["seen"]);
      const group = fields["group"] || null;
      const declines = (): void => decline(store, query, group, named(person), seen);
      return decided(goTo, fields, {
        accept: () => void approve(store, query, group, named(person), seen),
        decline: group === null ? sure(fields, declines) : declines,
      });
    },
  });
  form(site, {
    path: "/runs/:run/decide",
    action: "decide-releases",
    about,
    from: ({ params }) => `/runs/${encodeURIComponent(params.run)}`,
    send: (person, { params }, fields) => {
      const run = findRun(store, params.run)?.run;
      if (run === undefined) return null;
      const seen = asSeen(runStands(run), fields["seen"]);
      return decided(`/runs/${encodeURIComponent(run)}`, fields, {
        "let-go": () => approveRelease(store, run, named(person), seen),
        withdraw: () => void withdraw(store, run, fields["why"] ?? "", named(person), seen),
        keep: sure(fields, () => void keepRelease(store, run, named(person), seen)),
      });
    },
  });
  form(site, {
    path: "/join",
    action: "decide-queries",
    about,
    from: () => "/",
    send: (person, _request, fields) => {
      const group = fields["group"] ?? "";
      const seen = asSeen(groupStands(group), fields["seen"]);
      const isJoining = fields["do"] === "join";
      return decided(isJoining ? `/?accepted=${encodeURIComponent(group)}` : "/", fields, {
        join: () => void join(store, group, named(person), seen),
        leave: () => void leave(store, group, named(person), seen),
      });
    },
  });
  form(site, {
    path: "/pause",
    action: "pause-practice",
    about,
    from: () => "/",
    send: (person, _request, fields) => {
      const seen = asSeen(pauseStands, fields["seen"]);
      return decided("/", fields, {
        pause: () => pause(store, named(person), seen),
        resume: () => resume(store, named(person), seen),
      });
    },
  });
  form(site, {
    path: "/hold",
    action: "set-rules",
    about,
    from: () => "/",
    send: (person, _request, fields) => {
      const seen = asSeen(holdStands, fields["seen"]);
      return decided("/", fields, {
        on: () => setHold(store, true, named(person), seen),
        off: () => setHold(store, false, named(person), seen),
      });
    },
  });
}

/** Does what the form's button says, and goes on; or says why nothing was done. */
function decided(goTo: string, fields: FormFields, does: Readonly<Record<string, () => void>>): FormOutcome {
  const said = fields["do"] ?? "";
  const act = Object.hasOwn(does, said) ? does[said] : undefined;
  if (!act) return { page: notDonePage("The form said nothing that can be done here.", goTo), status: 400 };
  try {
    act();
    return { goTo };
  } catch (error) {
    if (!(error instanceof KeeperError)) throw error;
    return { page: notDonePage(whyNot(error), goTo), status: 409 };
  }
}

/** What is done only for whoever ticked that they know what it means. */
function sure(fields: FormFields, act: () => void): () => void {
  return () => {
    if (fields["sure"] !== "yes")
      throw new KeeperError("not-sure", "Tick the box beside the button first: nothing is done without it");
    act();
  };
}

function whyNot(error: KeeperError): string {
  if (error.code !== "stale") return `${error.message}.`;
  return "This has changed since you opened the page: someone else decided, or you sent the form twice.";
}
