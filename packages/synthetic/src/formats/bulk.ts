/** Makes a writer of whole practices from one of nightly extracts: a bulk of the last day. */
import { entryId } from "./nights.js";
import type { OpenFormat, OpenNight } from "./format.js";

export function bulkOf(open: OpenNight): OpenFormat {
  return (out, gzip, told) => {
    const writer = open(out, gzip, told, { number: 0, until: told.span.until });
    return {
      patient(person, events, order) {
        const put = Array.from(order, (at) => ({ id: entryId(person, at), at }));
        return writer.write({ person, own: "put", put, gone: [] }, events);
      },
      close: () => writer.close(),
    };
  };
}
