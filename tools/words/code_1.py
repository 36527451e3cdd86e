"""Section 1: Cause and actions."""
from code_engine import Place, Section

ACTION_OWNERS = {"url_for", "Cue"}
SIM = "portal/simulator/"


def deed(place: Place) -> str | None:
    if place.path == "portal/web/teach/attempts/actions.py" and place.scope == "do":
        return "key"
    if place.path == "portal/web/teach/attempts/attempt.py":
        return "key" if place.kind == "kw" else "action"
    if place.kind == "kw":
        return "action" if place.owner in ACTION_OWNERS else "cause"
    if place.kind == "attr":
        return "action"
    if place.scope.endswith("<lambda>") and place.path.endswith("attempts/actions.py"):
        return "cause"
    if "deed" in place.causes:
        return "cause"
    if place.path == "tests/domain/lifecycle/test_consequences.py":
        return "cause"
    return "action"


def by(place: Place) -> str | None:
    if place.kind == "kw":
        return "user" if place.owner == "Deed" else None
    if place.kind == "attr":
        return "user" if place.owner in place.causes else None
    if place.scope == "Deed":
        return "user"
    return None


def deed_string(place: Place) -> str | None:
    return "key" if place.path == "tests/web/gate/test_who_may_enter.py" else "action"


def only(path: str, new: str):
    return lambda place: new if place.path == path else None


ACTIONS = "portal/web/teach/attempts/actions.py"
ATTEMPT = "portal/web/teach/attempts/attempt.py"

SECTION = Section(
    name="1 cause and action",
    typed=frozenset({"Deed"}),
    names={
        "Deed": "Cause",
        "DEEDS": "ACTIONS",
        "_deeds": "_actions",
        "deed": deed,
        # The placeholder of a translated sentence stays.
        "deeds": lambda place: None if place.kind == "kw" and place.owner == "BadInput" else "actions",
        "by": by,
        "Possible": "Action",
        "possible": only(ACTIONS, "action"),
        "Possibility": "ActionLink",
        "possibilities": only(ATTEMPT, "links"),
        "_possibilities": "_action_links",
        "test_a_deed_needs_a_reason_and_is_in_the_history": "test_an_action_needs_a_reason_and_is_in_the_history",
        "test_a_deed_whose_moment_has_passed_is_refused_in_words": "test_an_action_whose_moment_has_passed_is_refused_in_words",
        "test_each_deed_asks_for_its_right": "test_each_action_needs_its_right",
        "test_some_deeds_have_their_own_door": "test_some_actions_are_done_in_one_place_only",
        "test_an_interruption_that_lasts_is_drawn_and_leads_to_the_deed_who_may":
            "test_an_interruption_that_lasts_is_drawn_and_links_to_the_action_for_who_may_do_it",
    },
    strings={"deed": deed_string, "deeds": "actions"},
    files={"templates/teach/deed.html": "templates/teach/action.html"},
    texts=[
        (ACTIONS, '@bp.route("/attempts/<ref>/do/<deed>"', '@bp.route("/attempts/<ref>/do/<key>"'),
        (ACTIONS, '"teach/deed.html"', '"teach/action.html"'),
        (ACTIONS, '"""A deed: its words, the right it needs, when it can be done, and the verb."""',
         '"""What the course team can do to an attempt: its texts, the right it needs, when it is allowed, what it calls."""'),
        (ACTIONS, "#: A verb with all that a form may say: who and why, the form, the time.",
         "#: What an action calls: with the attempt, the cause, the form and the time."),
        (ACTIONS, '"""A verb that needs nothing of the form but the reason."""',
         '"""For a function that takes no more than the attempt, the cause and the time."""'),
        (ATTEMPT, '"""Something a person may want to do: where, or why not."""',
         '"""An action on the attempt\'s page: its address, or why it cannot be done now."""'),
        (ATTEMPT, "possibilities=possibilities,", "action_links=possibilities,"),
        (ATTEMPT, '"""Add time, and then every deed that the person may do; each with what it does or why it cannot be done now."""',
         '"""Add time, then every action that the person may take: what each does, or why it cannot be done now."""'),
        ("portal/simulator/pages.py", '"/attempts/<attempt_id>/<deed>"', '"/attempts/<attempt_id>/<action>"'),
        ("portal/simulator/templates/simulator.html", "{% for deed, words in", "{% for action, words in"),
        ("portal/simulator/templates/simulator.html", "deed=deed", "action=action"),
        ("portal/simulator/templates/simulator.html", "deed='review'", "action='review'"),
        ("portal/simulator/templates/simulator_worker.js", "const deeds = {", "const actions = {"),
        ("portal/simulator/templates/simulator_worker.js", "in deeds)", "in actions)"),
        ("portal/simulator/templates/simulator_worker.js", "deeds[data.type]", "actions[data.type]"),
        ("portal/domain/proctoring/practice_proctor.py", "#: deed -> what its button says.", "#: action -> what its button says."),
        ("portal/domain/proctoring/practice_proctor.py", "there is no such deed or word", "there is no such action or word"),
        ("portal/domain/lifecycle/history.py", '"""Who did it, in which capacity, and why."""',
         '"""Why something happened to an attempt: who did it, in which capacity, and the reason they gave."""'),
        ("templates/teach/action.html", "{# One deed that needs a reason. #}",
         "{# The form of one action that needs a reason. Needs action, attempt, form, foreseen. #}"),
        ("templates/teach/action.html", "{{ possible.title }}", "{{ action.title }}"),
        ("templates/teach/action.html", "{{ possible.effect }}", "{{ action.effect }}"),
        ("templates/teach/action.html", "button(possible.title)", "button(action.title)"),
        ("templates/teach/attempt.html", "{% if possibilities %}", "{% if action_links %}"),
        ("templates/teach/attempt.html", "{% for one in possibilities %}", "{% for one in action_links %}"),
        ("templates/teach/courses/requirements.html", "press(one, deed, words, sign)", "press(one, action, words, sign)"),
        ("templates/teach/courses/requirements.html", 'value="{{ deed }}"', 'value="{{ action }}"'),
        ("templates/proctored/proctor.html", "if key in deeds %}", "if key in actions %}"),
        ("templates/proctored/proctor.html", 'name="deed" value="{{ key }}"', 'name="action" value="{{ key }}"'),
        ("templates/proctored/proctor.html", 'name="deed" value="review"', 'name="action" value="review"'),
        ("static/js/proctor.js", "button[name=deed]", "button[name=action]"),
        ("tests/web/attempt/test_reopening.py", "the team's deed, and", "the course team's action, and"),
        ("tests/house/test_one_way.py", r"not (?:deed\.)?reason", r"not (?:cause\.)?reason"),
    ],
)
