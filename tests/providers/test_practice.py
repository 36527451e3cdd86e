"""The proctor inside the portal: it registers without a network, and reads its script."""

import pytest
import responses

from portal.domain.errors import BadInput
from portal.models import ProviderKind
from portal.providers.practice import Cue, read_script
from tests.providers.records import EXAM, NAMED, place, speak


def test_it_needs_no_network_and_its_names_cannot_be_guessed():
    with responses.RequestsMock():
        proctor = speak(ProviderKind.PRACTICE)
        proctor.save_exam(EXAM)
        names = {proctor.register(place()).external_id for _ in range(50)}
        for action in (proctor.start, proctor.stop, proctor.fail, proctor.remove):
            action(NAMED)
    assert len(names) == 50
    assert all(len(name) == 32 for name in names)


def test_nothing_from_outside_reaches_it():
    assert [speak(kind).listens for kind in ProviderKind] == [False, True, True]


def test_a_script_is_read():
    proctor = speak(ProviderKind.PRACTICE, options={"script": "ready:2, drop:30,return:45,review:10=violation"})
    assert proctor.script() == (
        Cue(action="ready", after_seconds=2),
        Cue(action="drop", after_seconds=30),
        Cue(action="return", after_seconds=45),
        Cue(action="review", after_seconds=10, review="violation"),
    )
    assert read_script("") == ()
    assert read_script("review:5")[0].review == "passed"


@pytest.mark.parametrize("script", ["ready", "ready:x", "dance:2", "ready:2=passed", "review:2=fine", "ready:-1"])
def test_a_cue_it_does_not_know(script):
    with pytest.raises(BadInput, match="script"):
        read_script(script)
