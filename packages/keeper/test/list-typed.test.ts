/** A search of a list of patients: opened again, and sent by somebody whose session had ended. */
import { codeAt } from "@cairn/sign-in";
import t from "tap";
import { addPerson, linkPerson } from "../src/people/people.js";
import { person } from "../src/store/person.js";
import { D, formsOf, listed, ownPages } from "./fixtures/own-pages.js";

const LIST = "/questions/asthma-review/people";
const PASSWORD = "four words make one";

t.test("a search that is opened again is the same list, without what was looked for", async (t) => {
  const { get, post } = await ownPages(t, "clinician", { people: true });
  const whole = await get(`${LIST}?list=rest&sort=oldest`);
  const search = formsOf(whole.body).find(({ action }) => action.startsWith(`${LIST}/found`))!;
  const found = await post(search.action, {
    ...search.fields,
    list: "rest",
    sort: "oldest",
    find: "patient-59",
  });
  t.same(listed(found.body), ["patient-59"]);
  t.notMatch(search.action, "patient-59");
  const again = await get(search.action);
  t.equal(again.status, 200, "a browser that opens its last pages again asks by GET");
  t.same(listed(again.body), listed(whole.body));
  t.notMatch(again.body, /name="find" value="[^"]/);
  t.equal((await get(`${LIST}/found`)).status, 200, "and without anything behind it the reader chooses");
});

t.test(
  "what was looked for, and how people were marked, is kept while its person signs in again",
  async (t) => {
    const clock = { now: Date.parse("2025-05-20T09:00:00Z") };
    const pages = await ownPages(t, "clinician", { accounts: true, start: { now: () => clock.now } });
    const { get, post } = pages;
    const { store } = pages.keeper;
    addPerson(store, "Ada", "clinician", person("practice IT"));
    const { path } = linkPerson(store, "Ada", person("practice IT"));
    const shown = (await get(path)).body;
    const key = (/<code class="cairn-key">([^<]+)</.exec(shown)?.[1] ?? "").replaceAll(" ", "");
    const token = (page: string): string => /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? "";
    const code = () => codeAt(key, clock.now);
    t.equal(
      (await post(path, { _csrf: token(shown), password: PASSWORD, repeated: PASSWORD, code: code() }))
        .status,
      303,
    );
    const comeBack = async (sent: Awaited<ReturnType<typeof post>>): Promise<string> => {
      const location = String(sent.headers["location"]);
      t.match(location, "/sign-in?to=");
      t.notMatch(location, "patient-59", "no address holds what was typed");
      const asks = (await get(location)).body;
      t.match(asks, "What you typed is kept");
      const to = new URLSearchParams(location.split("?")[1]).get("to")!;
      t.match(to, /^[^?]*people\?date=2025-03-31&list=rest&sort=patient$/, "but the list that was open");
      const fields = { _csrf: token(asks), name: "Ada", password: PASSWORD, code: code(), to };
      const back = String((await post("/sign-in", fields)).headers["location"]);
      t.equal(back, to);
      return (await get(back)).body;
    };

    const list = (await get(`${LIST}?list=rest&date=${D}`)).body;
    const form = (starts: string) => formsOf(list).find(({ action }) => action.startsWith(starts))!;
    clock.now += 31 * 60_000;
    const search = form(`${LIST}/found`);
    const sent = { ...search.fields, list: "rest", sort: "patient", find: "patient-59" };
    const found = await comeBack(await post(search.action, sent));
    t.match(found, 'name="find" value="patient-59"', "the word stands in its field");
    t.same(listed(found), ["patient-59"], "and was looked for");

    clock.now += 31 * 60_000;
    const mark = formsOf(found).find(({ action }) => action === LIST)!;
    const typed = { "patient-0": "patient-59", mark: "not-suitable", why: "moved away" };
    const marked = await comeBack(await post(LIST, { ...mark.fields, ...typed }));
    t.match(marked, 'name="why" value="moved away"');
    t.match(marked.replace(/\s+/g, " "), 'value="patient-59" checked');
    t.match(marked, 'value="not-suitable" selected');
    t.notMatch(marked, 'value="seen" selected', "the mark that was chosen, and not the first one");
  },
);
