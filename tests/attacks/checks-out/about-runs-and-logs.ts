/** The other half of the table that `about-the-library.ts` begins: lies about what is asked, what left, and who sees it. */
import { keeper, line, type Lines } from "./line.js";

const UPDATE = "packages/signed-library/test/update.test.ts";
const BODIES = [
  UPDATE,
  "what a body accepts comes out of its own role, signed by two of its own people",
] as const;
const DATES = keeper(
  "dates",
  "the ends of the query's periods are answered, and every other day is refused by name",
);
const DUE = keeper(
  "dates",
  "a date is due once its settle time is over: until then the oldest is asked in its place",
);
const ONE_RUN = keeper(
  "dates",
  "a date is one run, as whose assignment it comes: another practice's is refused by name",
);
const CHARTER = keeper(
  "charters",
  "a query outside of the charter is refused for its group alone, before and after it joins",
);
const BODYS_WORD = keeper("delegate", "no other word is taken for the body's");
const HISTORIES = keeper(
  "hub-log",
  "two histories of one log are kept as evidence, and nobody here can accept the second",
);
const EXTENDS = keeper(
  "keeper",
  "the keeper countersigns a log of the hub that extends what it saw, and no other",
);

export const ABOUT_RUNS_AND_LOGS: Lines = {
  "date not of the query": [
    line(DATES, '- "date-not-asked", + null', "a date is the query's, as it is offered"),
    line(
      keeper("dates", "what a store held of other days from before is not answered either"),
      "- what a store held of other days from before is not answered either",
      "a date is the query's, as it is answered",
    ),
    line(DATES, '"2025-04-30", - "date-not-asked", + null', "a date ends a period"),
    line(DUE, "- now it is 30 June, and this is the fifth", "a date is not too old"),
    line(DUE, "- a day to come is not asked", "a date is not to come"),
  ],
  "another group's label": [
    line(
      keeper("joining", "what a person accepted for the group before is not said to follow from the rule"),
      '-"Accepted for it already, and it then gets at once',
      "somebody here accepted the group",
    ),
    line(
      keeper("uses", "a run that only groups wait for that nobody has accepted is not answered"),
      "- no rule accepts for it",
      "no rule decides for a group that nobody accepted",
    ),
    line(
      keeper(
        "uses",
        "a group that nobody here has accepted gets nothing, whatever the rule and whoever is asked for",
      ),
      "- one release, under the leave of one group",
      "somebody here accepted the group",
      "no rule decides for a group that nobody accepted",
    ),
  ],
  "query outside its charter": [
    line(CHARTER, "- asked again it is no news", "a question is in the charter, as it is offered"),
    line(CHARTER, '- "code": "not-in-charter"', "a question is in the charter, as it is reviewed"),
    line(CHARTER, "- expected to throw", "no rule accepts outside of the charter"),
    line(CHARTER, "- expected to throw", "nobody accepts outside of the charter"),
  ],
  "forged acceptance": [
    line(BODIES, "- one of its people alone", "targets are signed"),
    line(BODIES, "- a role that asks for one", "two people sign for a body"),
    line(BODIES, "- a role that asks for one", "two is the least for a body"),
    line(BODIES, "- its people, and the library names its file too", "a body alone names its file"),
    line(BODYS_WORD, "- of other bytes under the same version", "what a body accepts is of that query"),
    line(
      keeper("delegate", "other keys of the body send the rule back to ask, until a person pins them"),
      "- the word of other keys is not taken",
      "a body's keys are those pinned",
      "changed keys end a rule",
    ),
    line(
      keeper("delegate", "other keys of the body send the rule back to ask, until a person pins them"),
      "- also where the old keys come back",
      "changed keys end a rule",
    ),
  ],
  "forged use": [
    line(
      keeper("uses", "a hub that gives back what it holds gives back uses, and none of another's making"),
      'uses: [{ ...uses[0], group: "another" }]',
      "a use given back is ours",
    ),
    line(
      keeper(
        "uses",
        "a use is in the log before it leaves, and says of which release, for whom, and of what",
      ),
      'receipts: [other] }), { code: "run-conflict"',
      "a receipt is for a use that was given",
    ),
    line(
      keeper("keeper", "receipts are believed for the hub's signature and these very bytes"),
      "hubLogIndex: 8 }",
      "a receipt is the hub's",
    ),
    line(
      keeper("keeper", "receipts are believed for the hub's signature and these very bytes"),
      "Buffer.of(1)",
      "a receipt is for these bytes",
    ),
  ],
  "invented member": [
    line(
      keeper(
        "comparisons",
        "of a group that nobody here accepted it is refused, and taken once somebody has",
      ),
      '- "not-a-member"',
      "a comparison is of a group accepted here",
    ),
  ],
  "invented officer": [
    line(
      keeper("witnesses", "what proves nothing is refused by name, and the run waits on"),
      "- another than the policy's witness",
      "the policy's witnesses signed",
    ),
    line(
      keeper("witnesses", "what proves nothing is refused by name, and the run waits on"),
      "- another history",
      "witnesses signed this history",
    ),
  ],
  "assignment for another practice": [
    line(ONE_RUN, "- a date is one run, as whose assignment it comes", "a date is one run"),
    line(ONE_RUN, "- and a run stays what it was", "a run stays what it is"),
  ],
  "rewritten log": [
    line(HISTORIES, "- two were shown", "a log extends the one before"),
    line(EXTENDS, "- and the log remembers it", "a log is proved to go on"),
    line(HISTORIES, "- two were shown", "a log of one size has one root"),
  ],
  "second history": [
    line(
      keeper("hub-log", "the very same entries under another name are another log"),
      "- as it was",
      "a log keeps its name",
    ),
    line(HISTORIES, "- two were shown", "nothing new after two histories"),
  ],
  "receipts withheld": [
    line(
      [
        "packages/ledger/test/both-ways.test.ts",
        "a decline stands for a missing receipt only of what it called back on its way",
      ],
      "- a decline for a group that had no use of it",
      "the audit misses receipts",
    ),
  ],
};
