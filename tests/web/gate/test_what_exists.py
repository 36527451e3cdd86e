"""Somebody else's attempt and none at all are told apart by no word: an address that is guessed teaches nothing."""

import re

import pytest
from flask import url_for

from portal.models import ProviderKind, Role
from tests import fake_providers, make, review_factories
from tests.make import S

UNKNOWN = "ZZZ-ZZZZ"


def their_attempts():
    """One that runs, one at the practice proctor, and one that a person must look at."""
    running = make.attempt(S.STARTED)
    course = running.exam.course
    fake_providers.provider("proctorco", kind=ProviderKind.PRACTICE, client=False)
    in_set_up = review_factories.proctored(status=S.CREATED, exam=fake_providers.exam("proctorco", course=course))
    return [running, in_set_up, review_factories.waiting(exam=fake_providers.exam("proctorco", course=course))]


def asked(client, rule, method, ref):
    """What is answered, without the reference, which the asker knows anyway, and the forms' tokens."""
    names = dict.fromkeys(rule.arguments, 1) | {"ref": ref}
    with client.application.test_request_context():
        path = url_for(rule.endpoint, **names)
    answer = client.open(path, method=method)
    page = re.sub(r'(csrf_token" value=)"[^"]+"', r"\1", answer.get_data(as_text=True))
    return answer.status_code, page.replace(ref, "REF"), answer.location


@pytest.mark.parametrize("role", [None, Role.INSTRUCTOR], ids=["a learner", "another course's team"])
def test_no_address_tells_whether_an_attempt_exists(app, client, sign_in, role):
    refs = [attempt.ref for attempt in their_attempts()]
    sign_in(make.member(role) if role else make.enrol(make.course()))
    told = []
    for rule in (rule for rule in app.url_map.iter_rules() if "ref" in rule.arguments):
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            unknown = asked(client, rule, method, UNKNOWN)
            told += [f"{method} {rule}" for ref in refs if asked(client, rule, method, ref) != unknown]
    assert told == []
