/** A page of a running exam with its parts, and what they ask of one another; takes in what the server says of the clock. */

/** @import { ExamData } from "./exam_data.js" */
/** @import { News } from "./leader.js" */
/** @import { Answer, Entry } from "./sender.js" */
/** @import { Body, Clock, Current, Reply } from "./http.js" */
/** @import { Places } from "./messages.js" */

import { Asking } from "./asking.js";
import { Autosave } from "./autosave.js";
import { choose, takeUp } from "./conflict.js";
import { Connection } from "./connection.js";
import { clockTime, Display } from "./display.js";
import { estimateOf, stateOf } from "./exam_data.js";
import { Files } from "./files.js";
import { Journal, visit } from "./journal.js";
import { Keeping } from "./keeping.js";
import { Leader } from "./leader.js";
import { Leaving } from "./leaving.js";
import { Notices } from "./notices.js";
import { OneWindow } from "./one_window.js";
import { withPlace } from "./place.js";
import { SaveState } from "./save_state.js";
import { Sender } from "./sender.js";
import { SignedOut } from "./signed_out.js";
import { Speech } from "./speech.js";
import { Ticking } from "./ticking.js";
import { Turning } from "./turning.js";
import { Http } from "./http.js";
import { Zero } from "./zero.js";

const TOLD = /** @type {const} */ (["deadline", "hard_stop", "own_ms", "low_ms", "crit_ms", "poll_ms", "saved_at"]);
const END_POLL_MS = 5000;

export class ExamPage {
  /** @param {ExamData} data @param {HTMLFormElement | null} form of the question; none on the check of the answers */
  constructor(data, form) {
    this.data = data;
    this.state = stateOf(data);
    this.isLeaving = this.wasLate = false;
    /** @type {Map<number, HTMLElement>} by question, the banner that asks which answer to keep */
    this.conflicts = new Map();
    this.http = new Http(data.csrf);
    this.estimate = estimateOf(data);
    this.visit = visit();
    this.journal = new Journal(data.attempt);
    this.asking = new Asking(() => this.request(), () => (this.zero.isOver ? END_POLL_MS : this.state.poll_ms));
    this.leader = this.newLeader();
    this.keeping = new Keeping(this);
    this.speech = new Speech(data, () => this.leader.isLeading);
    this.sender = new Sender(this);
    this.zero = new Zero(this);
    this.oneWindow = new OneWindow(this);
    this.display = new Display({ ...data }, () => this.repaint()); // A copy, in which it notes what is hidden.
    this.ticking = new Ticking(this);
    this.signedOut = new SignedOut(this);
    this.connection = new Connection(this);
    this.http.onReply = (reply) => this.connection.note(reply);
    this.saveState = new SaveState(this);
    this.notices = new Notices(this);
    /** @type {Autosave | null} of the question that is shown */
    this.autosave = form && new Autosave(form, this.sender);
    this.oneWindow.begin();
    if (!this.keeping.isOld) takeUp(this, this.autosave);
    this.files = new Files(this);
    this.leaving = new Leaving(this);
    this.turning = form && new Turning(this);
  }

  newLeader() {
    return new Leader(this.data.attempt, {
      onLead: (firstMs) => this.asking.start(firstMs),
      onFollow: () => this.asking.stop(),
      onAsked: () => this.asking.now(),
      onHear: (news) => this.hear(news),
      wantedMs: () => this.state.poll_ms,
    });
  }

  /** @param {number} ms */
  time(ms, isExact = false) {
    return clockTime(ms, this.data.zone, this.data.locale, isExact);
  }

  repaint() {
    this.ticking.now();
  }

  askNow() {
    return this.leader.isLeading ? this.asking.now() : this.leader.ask();
  }

  /** What another window has heard. @param {News} news */
  hear({ body, now, doubt }) {
    this.estimate.hear(now, doubt);
    this.connection.works();
    this.take(body);
    this.oneWindow.told(body.window);
  }

  /** The server's word on the clock, from a question, a save or the finish. @param {Reply} reply */
  onReply({ body, sent, received }) {
    if (body.now === undefined) return;
    this.estimate.add(body.now, sent, received);
    this.take(body);
  }

  /** Take in new facts; a newer revision without its notices is asked for. @param {Clock} body */
  take(body) {
    const { rev = 0, notices } = body;
    const isNewer = rev > this.state.rev;
    Object.assign(this.state, Object.fromEntries(TOLD.filter((name) => body[name] !== undefined).map((name) => [name, body[name]])));
    this.zero.reconsider();
    this.ticking.now();
    if (isNewer && notices === undefined) return this.askNow();
    if (isNewer && notices) {
      this.state.rev = rev;
      this.notices.changed(notices);
    }
    if (body.go && body.state !== "in_progress") this.leave(body.go);
  }

  /** One question to the server, and what its answer means. */
  async request() {
    const reply = await this.http.get(`${this.data.clockUrl}?rev=${this.state.rev}&v=${document.hidden ? 0 : 1}`);
    if (reply.status === 401) this.signedOut.show();
    if (reply.status === 404) this.leave(this.data.statusUrl);
    if (reply.status !== 200) return reply;
    this.onReply(reply);
    this.oneWindow.told(reply.body.window, reply.sent);
    this.leader.share({ kind: "clock", body: reply.body, now: this.estimate.now(), doubt: this.estimate.doubt() });
    return reply;
  }

  /** Send what is unsent, then go where the server says. @param {string} go */
  async leave(go) {
    if (this.isLeaving) return;
    this.isLeaving = true;
    this.asking.stop();
    const { zero } = this;
    if (this.sender.unsent().length || !zero.isDone) await zero.send();
    if (zero.isOver || this.wasLate) sessionStorage.setItem("invigil-time-up", JSON.stringify({ at: this.data.statusUrl, wasLate: this.wasLate }));
    location.assign(withPlace(go));
  }

  /** @param {boolean} isFrozen */
  freeze(isFrozen) {
    this.autosave?.freeze(isFrozen || this.oneWindow.isElsewhere);
  }

  reopen() {
    this.freeze(this.zero.isOver);
    takeUp(this, this.autosave);
  }

  /** Say something in the place where it says whether answers are saved. @param {string} key @param {Places} [places] */
  tell(key, places) {
    this.saveState.tell(key, places);
  }

  onSaving() {
    this.saveState.saving();
  }

  /** @param {Answer & { question: number }} entry @param {Reply} reply */
  onSaved(entry, reply) {
    this.saveState.saved(entry, reply);
  }

  /** @param {Entry} entry @param {string} [why] */
  onRefused(entry, why) {
    this.saveState.refuse(entry, why);
  }

  onTrouble() {
    this.saveState.trouble();
  }

  /** @param {Entry} entry */
  onElsewhere(entry) {
    this.oneWindow.lose();
    this.oneWindow.keep(entry);
  }

  /** @param {Body} body */
  onGone(body) {
    this.leave(body.go ?? this.data.statusUrl.replace(/status$/, ""));
  }

  /** @param {Entry} entry @param {Current} current */
  onConflict(entry, current) {
    choose(entry, current, { page: this, autosave: this.autosave?.question === entry.question ? this.autosave : null });
  }

  onSignedOut() {
    this.signedOut.show();
  }
}
