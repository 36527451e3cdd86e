/** Where a device keeps another time than its person's pages, that is said, with an offer to change the pages. */

import { byId, field, maybe, one } from "./elements.js";

const device = Intl.DateTimeFormat().resolvedOptions().timeZone;
const instant = new Date();

/** What a clock there shows now; zones of one time differ in nothing that a person would see. @param {string | undefined} timeZone */
function clockIn(timeZone) {
  return instant.toLocaleString("en-GB", { timeZone });
}

function show() {
  const offer = maybe(document, "#zone-offer", HTMLFormElement);
  if (!offer || !device || clockIn(device) === clockIn(offer.dataset.zone)) return;
  field(offer, "time_zone").value = device;
  one(offer, ".place").textContent = (device.split("/").at(-1) ?? device).replaceAll("_", " ");
  offer.hidden = false;
}

show();
// A page that waits puts new contents into its main part.
new MutationObserver(show).observe(byId("main"), { childList: true });
