/** Where a device keeps another time than its person's pages, that is said, with an offer to change the pages. */

const device = Intl.DateTimeFormat().resolvedOptions().timeZone;
const instant = new Date();

/** What a clock there shows now; zones of one time differ in nothing that a person would see. */
function clockIn(timeZone) {
  return instant.toLocaleString("en-GB", { timeZone });
}

function show() {
  const offer = document.getElementById("zone-offer");
  if (!offer || !device || clockIn(device) === clockIn(offer.dataset.zone)) return;
  offer.elements.time_zone.value = device;
  offer.querySelector(".place").textContent = device.split("/").at(-1).replaceAll("_", " ");
  offer.hidden = false;
}

show();
// A page that waits puts new contents into its main part.
new MutationObserver(show).observe(document.getElementById("main"), { childList: true });
