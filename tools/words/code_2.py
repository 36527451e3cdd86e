"""Section 2: messages of the outbox: enqueue, dispatch, handler, retry, dead letter."""
from code_engine import Place, Section

TIMEKEEPING = "portal/domain/timekeeping/"
CONSEQUENCES = ("portal/domain/lifecycle/consequences.py", "tests/house/test_topics.py")
TOPICS = {"portal/jobs/topics/emails.py", "portal/jobs/topics/ledgers.py", "portal/jobs/topics/cases.py"}
BENCH = "bench/ceiling.py"


def big_promise(place: Place) -> str | None:
    return None if place.path.startswith(TIMEKEEPING) else "Consequence"


def promise(place: Place) -> str | None:
    if place.path.startswith(TIMEKEEPING):
        return None  # What an exam has promised an attempt: the columns are called so.
    if place.path in CONSEQUENCES:
        return "consequence"
    return "message" if place.path == BENCH else "enqueue"


def promises(place: Place) -> str | None:
    return {
        "portal/domain/lifecycle/consequences.py": "consequences",
        "portal/domain/outbox/messages.py": "new_messages",
        "portal/cli/running/worker.py": "claims",
    }.get(place.path)


def promised(place: Place) -> str | None:
    if place.path == "tests/jobs/outbox/test_claims.py":
        return "outbox"
    if place.path.endswith("test_provider_log.py"):
        return "message"
    return "enqueued"


def put(place: Place) -> str | None:
    if place.kind == "attr":
        return "enqueue" if place.owner in {"messages", "promised"} else None
    return "enqueue" if place.path == "portal/domain/outbox/messages.py" else None


def keep(place: Place) -> str | None:
    if place.kind == "attr":
        return "handle" if place.owner in {"emails", "ledgers", "cases"} else None
    if place.path in TOPICS or place.path == "tests/jobs/outbox/test_lanes.py":
        return "handle"
    if place.path in {"portal/jobs/dispatcher.py", "tests/jobs/topics/test_webhooks.py"}:
        return "dispatch"
    return None


def in_outbox(new: str, elsewhere: str | None = None):
    """For names of the outbox's own modules; ``elsewhere`` for the registrations'."""
    def rule(place: Place) -> str | None:
        if place.owner == "registrations" or place.path == "portal/domain/proctoring/registrations.py":
            return elsewhere
        if place.kind == "attr":
            return new if place.owner in {"claims", "messages", "outbox_claims"} else None
        return new if place.path.startswith(("portal/jobs/", "portal/domain/outbox/messages.py")) else None
    return rule


def given_up(place: Place) -> str | None:
    return {
        "portal/domain/attempts/resetting.py": "unused",
        "portal/domain/providers/provider_log.py": "dead_letters",
        "tests/jobs/outbox/test_outbox_commands.py": "dead_letter",
    }.get(place.path)


def put_off(place: Place) -> str | None:
    if place.path == "tests/jobs/outbox/test_outbox_commands.py":
        return "retried"
    return in_outbox("retry_later", "note_failure")(place)


def at(path: str, new: str):
    return lambda place: new if place.path == path else None


def lane(place: Place) -> str | None:
    ours = {"portal/jobs/outbox/lanes.py", "tests/jobs/test_worker.py", "tests/jobs/outbox/test_lanes.py"}
    return "default" if place.path in ours else None


CLAIMS, DISPATCHER, WORKER = "portal/jobs/outbox/claims.py", "portal/jobs/dispatcher.py", "portal/jobs/worker.py"
MESSAGES, OUTBOX_CLAIMS = "portal/domain/outbox/messages.py", "portal/domain/outbox/outbox_claims.py"
CLI, REGISTRATIONS = "portal/cli/running/worker.py", "portal/domain/proctoring/registrations.py"
ENDPOINTS = "portal/domain/outbox/webhook_endpoints.py"
CONS = "portal/domain/lifecycle/consequences.py"
T_CLAIMS, T_COMMANDS, T_WORKER = (f"tests/jobs/{x}.py" for x in ("outbox/test_claims", "outbox/test_outbox_commands", "test_worker"))

TESTS = {
    "test_each_promise_becomes_an_entry": "test_each_message_becomes_an_entry",
    "test_every_promised_mail_has_its_templates": "test_every_enqueued_email_has_its_templates",
    "test_a_mail_server_that_is_away_puts_it_off": "test_a_mail_server_that_is_away_means_a_retry",
    "test_a_folder_that_cannot_be_written_puts_it_off": "test_a_folder_that_cannot_be_written_means_a_retry",
    "test_only_a_commit_with_a_promise_wakes": "test_only_a_commit_with_a_message_wakes",
    "test_time_is_watched_while_a_promise_takes_long": "test_time_is_watched_while_a_message_takes_long",
    "test_a_forked_child_keeps_its_own_promises": "test_a_forked_child_dispatches_its_own_messages",
    "test_a_promise_is_kept_once": "test_a_message_is_dispatched_once",
    "test_the_same_key_twice_is_one_promise": "test_the_same_key_twice_is_one_message",
    "test_what_is_undone_is_not_promised": "test_a_rollback_enqueues_nothing",
    "test_a_promise_for_later_waits": "test_a_message_for_later_waits",
    "test_workers_at_once_claim_different_promises": "test_workers_at_once_claim_different_messages",
    "test_a_failure_is_put_off_with_its_reason": "test_a_failure_is_retried_later_and_its_reason_noted",
    "test_after_the_last_try_it_is_given_up_and_can_be_revived": "test_after_the_last_try_it_is_a_dead_letter_that_can_be_revived",
    "test_what_kills_the_worker_each_time_is_given_up": "test_what_kills_the_worker_each_time_becomes_a_dead_letter",
    "test_what_was_not_given_up_cannot_be_revived": "test_only_dead_letters_can_be_revived",
    "test_a_portal_that_is_never_quiet_keeps_its_promises": "test_a_portal_that_is_never_quiet_dispatches_its_messages",
    "test_each_promise_waits": "test_each_message_waits",
    "test_each_edge_promises_what_its_row_says": "test_each_edge_enqueues_what_its_row_says",
    "test_added_minutes_leave_a_row_a_notice_and_a_promise": "test_added_minutes_leave_a_row_a_notice_and_a_message",
    "test_an_appeal_that_is_granted_while_another_recording_waits_promises_nothing":
        "test_an_appeal_that_is_granted_while_another_recording_waits_enqueues_nothing",
}

SECTION = Section(
    name="2 outbox messages",
    names={
        "Promise": big_promise, "promise": promise, "promises": promises, "promised": promised,
        "_promised": "_enqueued_by_reset", "PROMISED": "CONSEQUENCES",
        "put": put, "put_new": "enqueue_new", "put_all": "enqueue_all",
        "New": lambda place: "NewMessage" if place.owner == "messages" or place.path == MESSAGES else None,
        "hasten": "make_due", "take_back": in_outbox("cancel"),
        "keep": keep, "keep_batch": "dispatch_batch", "keep_unseen_time": "handle_unseen_time",
        "Keeper": "Handler", "KEEPERS": "HANDLERS", "_keeper": "_handler", "keeper": "handler",
        "put_off": put_off, "_put_off": "_retry_later", "leave_alone": "postpone",
        "give_up": in_outbox("dead_letter", "fail"), "give_up_reserved": "fail_reserved",
        "NotKept": "DeliveryFailed", "troubled": lambda p: "failing_messages" if p.path == T_COMMANDS else "failing",
        "dead_keys": "dead_letter_keys", "GIVEN_UP": "DEAD", "given_up": given_up,
        "_keep_promises": "_dispatch_messages", "list_promises": "list_messages", "_promise_to_ask": "_enqueue_request",
        "kept": lambda p: {WORKER: "handled", "tests/jobs/outbox/test_yielding.py": "handled"}.get(p.path),
        "unkept": "waiting",
        **TESTS,
    },
    strings={"keep_batch": "dispatch_batch", "promises": lane},
    texts=[
        # dispatcher
        (DISPATCHER, '"""Keeps promises: one function for each topic of the outbox."""',
         '"""Dispatches the messages of the outbox: each topic has one handler."""'),
        (DISPATCHER, "#: Returns None when it is kept; or a sentence, when nothing more can be done and somebody should read why.",
         "#: Returns None when it is done; or a sentence, when nothing more can be done and somebody should read why."),
        (DISPATCHER, "#: topic -> who keeps it. Each may be asked twice for one key and runs outside any transaction.",
         "#: topic -> its handler. A handler may be called twice for one key, and runs outside any transaction."),
        (DISPATCHER, "Claim what is due and keep it; how many were kept or put off. What outlives its lease is left to the next.",
         "Claim the messages that are due and dispatch them; how many. One that outlives its lease is left to the next."),
        (DISPATCHER, '"""Keep one promise, or put it off and note why. True when it is kept and noted."""',
         '"""Call the handler, or note why it failed and when to retry. True when it is done and noted."""'),
        (DISPATCHER, "(%s) was put off: %s", "(%s) failed and will be retried: %s"),
        (DISPATCHER, "# A newer process may know the topic, so this one is put off like any other.",
         "# A newer process may know the topic, so this one is retried like any other."),
        (DISPATCHER, "Nothing in this portal keeps promises of the kind {topic}.", "Nothing in this portal handles messages of the topic {topic}."),
        (T_CLAIMS, "Nothing in this portal keeps promises of the kind from.tomorrow.", "Nothing in this portal handles messages of the topic from.tomorrow."),
        # worker
        (WORKER, "threads that keep promises and one that ends what time ends, until told to stop.",
         "threads that dispatch messages and one that ends what time ends, until told to stop."),
        (WORKER, "and each lane of promises has its own.", "and each lane of messages has its own."),
        (WORKER, "Keep every promise that is due at ``now``, and those that follow; how many. For tests and simulations.",
         "Dispatch every message that is due at ``now``, and those that follow; how many. For tests and simulations."),
        ("portal/jobs/__init__.py", '"""The doors that time opens: promises kept, clocks that run out, what recurs."""',
         '"""Background work: the messages of the outbox, clocks that run out, and what recurs."""'),
        # topics
        ("portal/jobs/topics/ledgers.py", "#: What is in a promise but not for the ledger's readers.", "#: What is in a message but not for the ledger's readers."),
        ("portal/jobs/topics/webhooks.py", "Promise the event to every endpoint that wants it. A second time promises nothing twice.",
         "Enqueue the event for every endpoint that wants it. A second call enqueues nothing twice."),
        ("portal/jobs/topics/webhooks.py", ":raises NotKept: it was not taken;", ":raises DeliveryFailed: it was not taken;"),
        ("portal/jobs/topics/webhooks.py", "Sign it for this moment, send it, and keep what came of it.", "Sign it for this moment, send it, and store the result."),
        ("portal/jobs/mail/delivery.py", "a batch of promises must fit into its lease.", "a batch of messages must fit into its lease."),
        ("portal/jobs/mail/refused.py", "the list of what was given up has it.", "it is in the list of dead letters."),
        ("portal/jobs/recurring/reminders.py", "the key of the promise.", "the key of the message."),
        ("portal/jobs/recurring/reminders.py", "Promise a mail to each learner of a course", "Enqueue an email to each learner of a course"),
        # lanes, claims, wakeup, yielding
        ("portal/jobs/outbox/lanes.py", "Which background thread takes which promise, and for how long one that does not answer is left alone.",
         "Which background thread takes which message, and for how long a receiver that does not answer is left alone."),
        (CLAIMS, "Who works on which promise: claims with a lease, and how each of them ends.",
         "Who works on which message: claims with a lease, and how each of them ends."),
        (CLAIMS, "A promise that could not be kept, by one who knows better than we when to try again. No wait: never.",
         "A message could not be delivered, and the handler says when to retry; ``wait`` None makes it a dead letter."),
        (CLAIMS, "Take up to ``limit`` due promises. Nobody else gets them until they are finished or the lease runs out.",
         "Take up to ``limit`` due messages. Nobody else gets them until they are finished or the lease runs out."),
        (CLAIMS, "Note that the promise is kept. False when", "Note that the message is done. False when"),
        (CLAIMS, "Try again later, each time later than before unless told when; after the last try give up.",
         "Retry later: each time later than before, unless ``wait`` says when; after the last try it is a dead letter."),
        (CLAIMS, '"""Try again after ``wait``; this was none."""', '"""Retry after ``wait``; this time does not count as a try."""'),
        (CLAIMS, '"""No further try; a person may revive it."""', '"""Make it a dead letter: there is no further try, unless a person revives it."""'),
        (CLAIMS, "Give the promises of these keys that were given up all their tries again; how many there were.",
         "Give the dead letters among these keys all their tries again; how many there were."),
        (OUTBOX_CLAIMS, "Give the promises of these keys that were given up all their tries again; how many there were.",
         "Give the dead letters among these keys all their tries again; how many there were."),
        ("portal/jobs/outbox/wakeup.py", "when a commit brings a new promise,", "when a commit brings a new message,"),
        ("portal/jobs/outbox/yielding.py", "#: How long one promise waits for a quiet moment; a portal that is never quiet keeps its promises all the same.",
         "#: How long one message waits for a quiet moment; a portal that is never quiet dispatches its messages all the same."),
        # domain/outbox
        (MESSAGES, '"""Promises to tell somebody, written in the transaction of the change that caused them."""',
         '"""The messages of the outbox: enqueued in the transaction of the change that caused them."""'),
        (MESSAGES, "A promise under a key that cannot exist yet, such as", "A message under a key that cannot exist yet, such as"),
        (MESSAGES, '"""When to tell it; None is at once."""', '"""When to send it; None is at once."""'),
        (MESSAGES, "Promise it. The same key a second time gives back the first promise and changes nothing.",
         "Enqueue a message. The same key a second time gives back the first message and changes nothing."),
        (MESSAGES, "Promise it under a key that cannot exist yet, such as one made of a new row's number; saves the look.",
         "Enqueue a message under a key that cannot exist yet, such as one made of a new row's number; saves the look."),
        (MESSAGES, "Promise several things at once: one statement, and no objects, which nobody would look at.",
         "Enqueue several messages with one statement, and without objects, which nobody would look at."),
        (MESSAGES, "Tell at once what was promised about these attempts for later and never tried.",
         "Make the messages about these attempts due at once that were enqueued for later and never tried."),
        (MESSAGES, "What a line of an attempt's history promised, but for what platforms hear of it.",
         "The messages that a line of an attempt's history enqueued, without those to webhook endpoints."),
        (MESSAGES, "Promise nothing of this any more. False where somebody was told, or may have been, of any of it.",
         "Delete messages that nobody has tried to send. False where any of them was sent, or may have been."),
        (OUTBOX_CLAIMS, "Which promises are due, who has taken one, and what was written down of how it ended.",
         "Which messages are due, who has claimed one, and what was noted of how it ended."),
        (OUTBOX_CLAIMS, "no promise is held in memory meanwhile.", "no message is held in memory meanwhile."),
        (OUTBOX_CLAIMS, "A promise that is ours to keep until the lease runs out.", "A message that this process dispatches, until the lease runs out."),
        (OUTBOX_CLAIMS, "Take up to ``limit`` due promises:", "Take up to ``limit`` due messages:"),
        (OUTBOX_CLAIMS, "somebody else took the promise.", "somebody else took the message."),
        (OUTBOX_CLAIMS, '"""What was given up, and what had to be put off; oldest first."""',
         '"""The dead letters, and the messages that failed and will be retried; oldest first."""'),
        (OUTBOX_CLAIMS, '"""Of all that was given up."""', '"""The keys of all dead letters."""'),
        ("portal/domain/outbox/ledgers.py", "one entry for each promise, never changed.", "one entry for each message, never changed."),
        ("portal/domain/outbox/cases.py", "Open a case and promise a mail about it. The same key again gives back the first.",
         "Open a case and enqueue an email about it. The same key again gives back the first."),
        ("portal/domain/outbox/webhook_events.py", "Promise to tell a line of history to whoever listens; None when it is not told, or nobody does.",
         "Enqueue a line of history for the webhook endpoints; None when it is no event for them, or there are none."),
        (ENDPOINTS, "Promise to send one event to one endpoint. ``again`` names a replay, which is a promise of its own.",
         "Enqueue one event for one endpoint. ``again`` names a replay, which is a message of its own."),
        (ENDPOINTS, "Promise to send them again, each under its old id; how many.", "Enqueue them again, each under its old id; how many."),
        ("portal/domain/outbox/__init__.py", "What the outside is told, and what a person must answer: written with the change that caused it.",
         "Messages to others, and cases that a person must answer: written with the change that caused them."),
        ("portal/models/outbox/outbox.py", '"""Promises to the outside, written with the change that caused them, and jobs that recur."""',
         '"""The outbox: messages to others, written with the change that caused them; and jobs that recur."""'),
        ("portal/models/outbox/outbox.py", '"""Given up after the last try; a person may revive it."""', '"""When it became a dead letter: after the last try. A person may revive it."""'),
        ("portal/models/outbox/outbox.py", "``portal.jobs.dispatcher`` (who takes it)", "``portal.jobs.dispatcher`` (its handler)"),
        # CLI
        (CLI, "from portal.jobs.outbox import claims as promises", "from portal.jobs.outbox import claims"),
        (CLI, "Promises to tell somebody: those that were given up, and a new try for them.", "Messages of the outbox: the dead letters, and a new try for them."),
        (CLI, "Keep promises and end what time ends, until stopped.", "Dispatch messages and end what time ends, until stopped."),
        (CLI, "Show what was given up, and what had to be put off.", "List the dead letters and the messages that will be retried."),
        (CLI, "Nothing was given up or put off.", "There are no dead letters, and nothing waits for a retry."),
        (CLI, '"given up" if message.dead_at', '"dead letter" if message.dead_at'),
        (CLI, 'help="Everything that was given up."', 'help="All dead letters."'),
        (CLI, "Give the promises called KEYS all their tries again.", "Give the dead letters called KEYS all their tries again."),
        (CLI, "Name the promises, as `outbox list` shows them, or say --all.", "Name the messages, as `outbox list` shows them, or say --all."),
        (CLI, "None of these was given up. `outbox list` shows what was.", "None of these is a dead letter. `outbox list` shows those that are."),
        (T_COMMANDS, "20 tries, given up:", "20 tries, dead letter:"),
        (T_COMMANDS, "Name the promises", "Name the messages"),
        (T_COMMANDS, "None of these was given up", "None of these is a dead letter"),
        (T_COMMANDS, "Nothing was given up or put off.", "There are no dead letters, and nothing waits for a retry."),
        # registrations
        (REGISTRATIONS, "or find the one that is open; and promise to ask until it is settled.", "or find the one that is open; and enqueue the request until it is settled."),
        (REGISTRATIONS, "# The promise names it.", "# The message names it."),
        (REGISTRATIONS, "The page asks at once; the job's turn comes when the page's own try has had its time.",
         "Enqueue the request. The page asks at once; the background asks when the page's own try has had its time."),
        (REGISTRATIONS, ":func:`give_up` for who holds the lease;", ":func:`fail` for who holds the lease;"),
        ("portal/models/proctoring/provider.py", "Confirmed, or given up because the window closed.", "When it was confirmed, or failed because the window closed."),
        # lifecycle and others
        (CONS, "What follows from each line of an attempt's history: whom we promise to tell, and what.",
         "What follows from each line of an attempt's history: which messages are enqueued."),
        (CONS, '"""One thing to be told: a topic of the outbox and what to say."""', '"""One message that a line of history causes: its topic in the outbox, and what to say."""'),
        (CONS, "#: Reaching a status promises these, in this order.", "#: Reaching a status causes these, in this order."),
        (CONS, "Promise everything that a new line of history calls for, in the transaction of the change.",
         "Enqueue every message that a new line of history causes, in the transaction of the change."),
        ("portal/domain/lifecycle/history.py", "what follows from it is for :mod:`portal.domain.lifecycle.transitions` to promise.",
         "what follows from it, :mod:`portal.domain.lifecycle.transitions` enqueues."),
        ("portal/domain/lifecycle/transitions.py", "Each of the doors writes a line of history and, in the next line, promises what follows from it.",
         "Each of these functions writes a line of history and then enqueues what follows from it."),
        ("portal/domain/lifecycle/transitions.py", "and the doors through which it changes.", "and the functions that change it."),
        ("portal/domain/lifecycle/transitions.py", "and promise what follows from that.", "and enqueue what follows from that."),
        ("portal/domain/lifecycle/transitions.py", "its next status and promise what follows from it;", "its next status and enqueue what follows from it;"),
        ("portal/domain/lifecycle/transitions.py", "Write down what left the status as it is, and promise what follows from it.",
         "Record an event that left the status as it is, and enqueue what follows from it."),
        ("portal/domain/attempts/attempts.py", "and promise what follows. False if already in.", "and enqueue what follows. False if it has ended already."),
        ("portal/domain/timekeeping/notices.py", "so nobody has promised this yet.", "so nobody has enqueued this yet."),
        ("portal/domain/providers/provider_log.py", "All that we promised to tell its vendor and its learner, kept or not, the newest first.",
         "Every message to its provider and its learner, sent or not, the newest first."),
        ("portal/domain/providers/provider_log.py", "Those that wait and those given up are each found by an index of its own.",
         "Messages that wait and dead letters are each found by an index of their own."),
        ("portal/domain/courses/provider_sync.py", '"""Promises to tell vendors about exams that are new to them, changed, or no longer theirs."""',
         '"""Messages to providers about exams that are new to them, changed, or no longer theirs."""'),
        ("portal/domain/courses/provider_sync.py", "Promise to tell the vendor of ``exam``, and the one it was with before, how it stands now.",
         "Enqueue a message about ``exam`` to its provider, and to the one that it had before."),
        ("portal/domain/onboarding/profiles.py", "is the key of a promise.", "is the key of a message."),
        ("portal/domain/attempts/resetting.py", '"""What the newest reset of it calls for."""', '"""The messages that its newest reset enqueued."""'),
        ("portal/web/formatting/provider_labels.py", "#: Topic of a promise -> what we tell the vendor.", "#: Topic of a message -> what we tell the provider."),
        ("portal/db/fast.py", "message, history and promises are written so, and its request makes 8,200 calls of Python functions instead of 10,700.",
         "its own row, the history and the\n    messages are written so, and its request makes 8,200 calls of Python functions instead of 10,700."),
        ("portal/db/sqlite.py", "Makes SQLite keep its promises: honest transactions,", "Sets SQLite up: real transactions,"),
        ("portal/demo/__init__.py", "# So that the next line sees every promise.", "# So that the next line sees every message."),
        # tests
        ("tests/jobs/topics/test_ledgers.py", "one entry for each promise, however often it is delivered.", "one entry for each message, however often it is delivered."),
        ("tests/jobs/topics/test_ledgers.py", '"Only what is promised is looked at."', '"Only what is enqueued is looked at."'),
        ("tests/jobs/mail/mailbox.py", "``mailbox()`` keeps what is promised by ``now`` and gives the mails this wrote.",
         "``mailbox()`` dispatches what is due by ``now`` and gives the emails that this wrote."),
        ("tests/jobs/conftest.py", "``mails()`` keeps what is promised by ``now`` and gives the mails this wrote.",
         "``mails()`` dispatches what is due by ``now`` and gives the emails that this wrote."),
        ("tests/jobs/conftest.py", "What tests of background work ask for: promises, and several threads at once.",
         "What tests of background work ask for: messages of the outbox, and several threads at once."),
        ("tests/jobs/conftest.py", '"""``promise("test", key="a")`` puts one and commits it."""', '"""``enqueue("test", key="a")`` enqueues a message and commits it."""'),
        ("tests/jobs/conftest.py", '"""The promise as it now stands in the database."""', '"""The message as it now is in the database."""'),
        (T_WORKER, "These promises are written past the ORM,", "These messages are written past the ORM,"),
        (T_WORKER, "and lets the child keep a promise.", "and lets the child dispatch a message."),
        (T_WORKER, 'messages.put("email", now=clock.now(), key="a", payload=says)', 'messages.enqueue("email", now=clock.now(), key="a", payload=says)'),
        (T_CLAIMS, '"""Promises: kept at least once, by one worker at a time, and never lost."""',
         '"""Messages: dispatched at least once, by one worker at a time, and never lost."""'),
        (T_CLAIMS, 'What the keeper of the topic "test" was asked to tell.', 'The keys with which the handler of the topic "test" was called.'),
        ("tests/jobs/outbox/test_lanes.py", "the others keep their promises meanwhile.", "the others dispatch their messages meanwhile."),
        ("tests/jobs/outbox/test_yielding.py", "a promise waits while a page is being made,", "a message waits while a page is being made,"),
        ("tests/jobs/mail/test_refused.py", "The first is put off after the time limit;", "The first is retried after the time limit;"),
        ("tests/web/teach/attempts/test_proctored.py", "set aside; and what is promised then.", "set aside; and what is enqueued then."),
        ("tests/web/teach/attempts/test_proctored.py", "of everything that was promised about it, in order.", "of everything that was enqueued about it, in order."),
        ("tests/contract/test_consequences.py", "The status stands at once; the mail is promised, and tried again.", "The status is there at once; the email is enqueued, and retried."),
        ("tests/house/test_what_follows.py", "what is promised for a proctored attempt", "what is enqueued for a proctored attempt"),
        ("tests/resilience/test_killed_worker.py", "A worker keeps what is promised, until all is kept or it is dead. Whether it died.",
         "A worker dispatches what is due, until all is done or the worker is dead. Whether it died."),
        ("tests/domain/lifecycle/test_consequences.py", "What each line of history promises: to whom,", "What each line of history enqueues: to whom,"),
        ("tests/domain/lifecycle/test_consequences.py", "(topic, what) of every promise so far, oldest first.", "(topic, what) of every message so far, oldest first."),
        ("tests/simulator/conftest.py", "Let the background keep what is due, until nothing is left to be put off again.",
         "Let the background dispatch what is due, until nothing of it is left."),
        # documents
        ("docs/performance.md", "history, promises (outbox) and the background worker", "history, the outbox and the background worker"),
        ("docs/performance.md", "The message, the line of history, the promises", "The message, the line of history, the outbox"),
        ("docs/performance.md", "waits before each promise until no page", "waits before each message until no page"),
        ("docs/performance.md", "the promise would begin there and hold up the next page.", "the message would begin there and hold up the next page."),
        ("docs/performance.md", "keeps five promises a second in each process; the rest of them when it calms down.",
         "dispatches five messages a second in each process; the rest of them when it calms down."),
        ("docs/design.md", "The background takes promises in lanes", "The background takes messages in lanes"),
        ("docs/design.md", "and grade are promises that fall due after those ten minutes, or when the learner starts again, and undoing takes the promises back unseen.",
         "and grade are messages that fall due after those ten minutes, or when the learner starts again, and undoing deletes them before anybody sees them."),
        ("docs/design.md", "## Promises", "## Outbox"),
        ("docs/design.md", "write a line of history and, in the next line, promise what follows from it:", "write a line of history and then enqueue what follows from it:"),
        ("docs/design.md", "A consequence that leaves the portal is a promise in the outbox under a key that never changes.",
         "A consequence that leaves the portal is a message in the outbox under a key that never changes."),
    ],
)
