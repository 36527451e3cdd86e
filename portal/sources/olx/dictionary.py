"""The format's attributes and elements: which of them an exam honours, and what holds here instead of the others."""

LEFT_OUT = "left out with what it holds"
DEAD_LINK = "not opened during an exam: links lead only to documents of the course and https:// pages"
LOOK = "the text has the portal's own look"
NOT_USED = "nothing here depends on it"
SITE = "about the course's own site; no exam depends on it"
NO_HINTS = "hints and feedback are not shown during an exam"
NO_ANSWERS = "learners are never shown right answers or explanations"
ALL_OR_NOTHING = "it counts all or nothing here"
AUTHORS_ORDER = "the choices stand in the author's order"
NO_PREVIEW = "what is typed is shown as it is, without a preview"
NO_SCRIPTS = "scripts are not run here"
ENROLMENTS = "whoever is enrolled here may take the exams"
NOTHING_FIRST = "nothing has to be passed first here, unless the course's requirements say so"
KEPT_OPEN = "the exam closes when its section is due, without days of grace"
SECTIONS_DUE = "only the section's due date closes the exam"
NO_COURSE_GRADE = "the grading policy of the course is not worked out here"
ANY_TIME = "answers are saved at any time and can be changed until the exam is submitted"
OWN_BUTTONS = "the exam page has its own buttons"
HIDDEN = "left out, since its author hides it"

_EVERYWHERE = {
    "display_name", "url_name", "org", "course", "filename", "slug", "start", "visible_to_staff_only", "group_access",
}  # fmt: skip
_SWITCHES = {
    "is_time_limited", "default_time_limit_minutes", "is_proctored_enabled", "is_proctored_exam", "is_practice_exam",
    "is_onboarding_exam", "hide_after_due", "exam_review_rules", "due",
}  # fmt: skip
_COURSE = {"proctoring_provider", "enable_proctored_exams", "enable_timed_exams", "allow_proctoring_opt_out", "due"}
_FIELD = {"label", "trailing_text", "correct_answer", "id"}
_CHOICE = {"correct", "name", "point_value", "explanation-id", "fixed"}
_RESPONSE = {"label", "partial_credit", "id"}
#: By element; "*" for what is not named.
HONOURED: dict[str, frozenset[str]] = {
    "*": frozenset(_EVERYWHERE),
    "course": frozenset(_EVERYWHERE | _COURSE),
    "chapter": frozenset(_EVERYWHERE | {"due"}),
    "sequential": frozenset(_EVERYWHERE | _SWITCHES),
    "problem": frozenset(_EVERYWHERE | {"weight"}),
    "multiplechoiceresponse": frozenset(_RESPONSE | {"type"}),
    "choiceresponse": frozenset(_RESPONSE | {"type"}),
    "optionresponse": frozenset(_RESPONSE),
    "stringresponse": frozenset({"label", "id", "answer", "type"}),
    "numericalresponse": frozenset({"label", "id", "answer"}),
    "choicegroup": frozenset({"label", "type", "id"}),
    "checkboxgroup": frozenset({"label", "type", "id"}),
    "radiogroup": frozenset({"label", "type", "id"}),
    "choice": frozenset(_CHOICE),
    "option": frozenset(_CHOICE),
    "optioninput": frozenset({"label", "id", "options", "correct"}),
    "textline": frozenset(_FIELD),
    "formulaequationinput": frozenset(_FIELD),
    "responseparam": frozenset({"type", "default", "name", "description"}),
    "additional_answer": frozenset({"answer"}),
    "label": frozenset({"id", "for"}),
    "description": frozenset({"id"}),
    "clarification": frozenset({"id"}),
}
#: Notes of the authoring tool to itself, which never concern a learner: an attribute that begins like this.
OF_THE_TOOL = (
    "xblock-family", "editor", "markdown", "use_latex_compiler", "source_code", "copied_from", "upstream",
    "top_level_downstream", "downstream_", "xml_attributes", "data_dir", "edited_", "last_edited", "{", "xmlns",
)  # fmt: skip
#: Values that say what holds anyway.
SAYS_NOTHING: dict[str, tuple[str, ...]] = {
    "rerandomize": ("never",),
    "show_correctness": ("always", "never"),
    "showanswer": ("never",),
    "course_visibility": ("private",),
    "answer-pool": ("0",),
    "inline": ("0",),
    "submission_wait_seconds": ("0",),
    "shuffle": ("0",),
    "discussion_enabled": ("true",),
    "format": ("notgraded",),
}
MEANINGS: dict[str, str] = {
    "max_attempts": ANY_TIME,
    "submission_wait_seconds": ANY_TIME,
    "showanswer": NO_ANSWERS,
    "attempts_before_showanswer_button": NO_ANSWERS,
    "show_correctness": "learners see marks where the exam's settings here say so",
    "rerandomize": NO_SCRIPTS,
    "show_reset_button": OWN_BUTTONS,
    "force_save_button": OWN_BUTTONS,
    "grading_method": "the answer that stands when the exam is submitted counts",
    "graceperiod": KEPT_OPEN,
    "days_early_for_beta": ENROLMENTS,
    "due": SECTIONS_DUE,
    "relative_weeks_due": SECTIONS_DUE,
    "self_paced": "due dates count here even though the course lets learners set their own pace",
    "end": SECTIONS_DUE,
    "hide_from_toc": "the exam is listed under My exams anyway",
    "format": NO_COURSE_GRADE,
    "graded": NO_COURSE_GRADE,
    "grading_policy": NO_COURSE_GRADE,
    "minimum_grade_credit": NO_COURSE_GRADE,
    "course_visibility": ENROLMENTS,
    "invitation_only": ENROLMENTS,
    "enrollment_start": ENROLMENTS,
    "enrollment_end": ENROLMENTS,
    "max_student_enrollments_allowed": ENROLMENTS,
    "pre_requisite_courses": NOTHING_FIRST,
    "enable_subsection_gating": NOTHING_FIRST,
    "entrance_exam_enabled": NOTHING_FIRST,
    "is_entrance_exam": NOTHING_FIRST,
    "in_entrance_exam": NOTHING_FIRST,
    "required_content": NOTHING_FIRST,
    "min_score": NOTHING_FIRST,
    "min_completion": NOTHING_FIRST,
    "user_partitions": "groups of learners are not supported; content for one group only is left out",
    "proctoring_escalation_email": "the team enters the escalation address in the course's settings here",
    "shuffle": AUTHORS_ORDER,
    "answer-pool": "all choices are offered",
    "partial_credit": ALL_OR_NOTHING,
    "partial_answers": ALL_OR_NOTHING,
    "partial_range": ALL_OR_NOTHING,
    "math": NO_PREVIEW,
    "preprocessorClassName": NO_PREVIEW,
    "preprocessorSrc": NO_PREVIEW,
    "hidden": "its field is shown",
    "rows": LOOK,
    "cols": LOOK,
}
_APPEARANCE = """
align alink axis background bgcolor border bordercolor cellpadding cellspacing char charoff class clear color compact
data-mce-style face frame height hspace id inline link noshade nowrap rules size style summary text title valign vlink
vspace width
"""
APPEARANCE = frozenset(_APPEARANCE.split())
MEANINGS |= dict.fromkeys(("size", "inline", "width", "height", "class", "style"), LOOK)
#: Elements of a problem that are left out with all they hold, and what that means.
ELEMENTS: dict[str, str] = {
    "solution": NO_ANSWERS,
    "solutionset": NO_ANSWERS,
    "targetedfeedbackset": NO_HINTS,
    "targetedfeedback": NO_HINTS,
    "demandhint": NO_HINTS,
    "hint": NO_HINTS,
    "hintgroup": NO_HINTS,
    "choicehint": NO_HINTS,
    "compoundhint": NO_HINTS,
    "optionhint": NO_HINTS,
    "correcthint": NO_HINTS,
    "stringequalhint": NO_HINTS,
    "regexphint": NO_HINTS,
    "numericalhint": NO_HINTS,
    "script": NO_SCRIPTS,
    "style": LOOK,
}
