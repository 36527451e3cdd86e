"""Where events may go: the open internet and nowhere else, to the very address that was checked."""

import socket
from datetime import timedelta

import pytest

from portal.domain.errors import BadInput
from portal.domain.outbox import webhook_deliveries, webhook_endpoints
from portal.jobs.topics import webhook_http
from portal.jobs.topics.webhook_http import Unreachable
from tests.jobs.topics.receiver import Receiver

PUBLIC, OTHER = "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"


@pytest.fixture
def names(monkeypatch):
    """``names["hooks.example"] = ["10.0.0.1"]`` says what a name leads to; counts how often it is asked."""
    known, asked, really = {}, [], socket.getaddrinfo

    def look_up(host, port, *rest, **named):
        if host.replace(".", "").isdigit():
            return really(host, port, *rest, **named)
        asked.append(host)
        if host not in known:
            raise socket.gaierror(-2, "Name or service not known")
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port)) for one in known[host]]

    monkeypatch.setattr(webhook_http.socket, "getaddrinfo", look_up)
    known["asked"] = asked
    return known


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


def post(url, *, may_be_private=True):
    return webhook_http.post(url, b"{}", {"webhook-id": "evt_1"}, may_be_private=may_be_private)


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "198.18.0.1", "224.0.0.1", "239.255.255.250", "255.255.255.255",
        "192.0.2.1", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
        "2002:c0a8:101::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1",
        "fec0::1", "fec0::10:1%eth0", "feff::1", "64:ff9b:1::1", "64:ff9b:1:ffff::8.8.8.8", "::127.0.0.1", "::8.8.8.8",
    ],
)  # fmt: skip
def test_no_address_of_a_private_network_is_public(names, number):
    assert not webhook_http.is_public(number)
    names["hooks.example"] = [number]
    with pytest.raises(Unreachable, match="private network"):
        webhook_http.resolve("https://hooks.example/", may_be_private=False)


@pytest.mark.parametrize("number", [PUBLIC, OTHER, "8.8.8.8", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_address_of_the_internet_is(number):
    assert webhook_http.is_public(number)


def test_one_private_address_among_public_ones_is_enough_to_refuse(names):
    names["hooks.example"] = [PUBLIC, "127.0.0.1"]
    with pytest.raises(Unreachable):
        webhook_http.resolve("https://hooks.example/", may_be_private=False)


def test_it_connects_to_the_number_that_was_checked(names):
    names["hooks.example"] = [PUBLIC]
    target = webhook_http.resolve("https://hooks.example/in?a=1#end", may_be_private=False)
    assert target.url == f"https://{PUBLIC}:443/in?a=1"
    assert (target.host, target.headers) == ("hooks.example", {"Host": "hooks.example"})
    names["hooks.example"] = [OTHER]
    assert webhook_http.resolve("https://hooks.example:8443", may_be_private=False).url == f"https://[{OTHER}]:8443/"


def test_a_name_is_looked_up_once_so_that_it_cannot_change_its_mind(names, receiver):
    names["hooks.example"] = ["127.0.0.1"]
    answer = post(f"http://hooks.example:{receiver.port}/in")
    assert (answer.status_code, answer.reply) == (200, "heard")
    assert names["asked"] == ["hooks.example"]
    assert receiver.arrived[0].headers["host"] == f"hooks.example:{receiver.port}"


def test_a_private_address_gets_nothing(receiver):
    answer = post(receiver.url, may_be_private=False)
    assert (answer.status_code, answer.was_received) == (None, False)
    assert answer.reply == "127.0.0.1 is in a private network, so the portal sends no events there."
    assert receiver.arrived == []


def test_a_name_that_leads_nowhere_is_a_plain_sentence(names):
    assert post("https://gone.example/").reply == "The host name gone.example does not exist."


def test_no_proxy_of_the_environment_sees_it(receiver, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert post(receiver.url).status_code == 200


def test_a_redirect_is_not_followed(receiver):
    receiver.answers.append((307, {"Location": receiver.url}, b""))
    assert post(receiver.url).status_code == 307
    assert len(receiver.arrived) == 1


def test_only_the_beginning_of_an_answer_is_kept(receiver):
    receiver.answers.append((200, {}, b"\x00\xff" + b"a" * 100_000))
    answer = post(receiver.url)
    assert answer.was_received
    assert answer.reply.startswith("\N{REPLACEMENT CHARACTER}aaa")
    assert len(answer.reply) <= webhook_deliveries.LONGEST_REPLY


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("9" * 5000, timedelta(days=1)),
        ("999999999999", timedelta(days=1)),
        ("-5", None),
        ("soon", None),
    ],
)
def test_how_long_to_wait(receiver, said, wait):
    receiver.answers.append((503, {"Retry-After": said}, b""))
    assert post(receiver.url).retry_after == wait


def test_a_closed_port_and_a_silent_server_are_failures_in_words(receiver, monkeypatch):
    url, _ = receiver.url, receiver.close()
    assert post(url).reply.startswith("The connection failed")
    monkeypatch.setattr(webhook_http, "TIMEOUT_SECONDS", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        answer = post(f"http://127.0.0.1:{silent.getsockname()[1]}/")
    assert (answer.status_code, "No answer" in answer.reply) == (None, True)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("hooks.example", "full web address"),
        ("ftp://hooks.example/", "full web address"),
        ("https:///path", "full web address"),
        ("https://hooks.example:99999/", "full web address"),
        ("http://hooks.example/", "https://"),
        ("https://me:secret@hooks.example/", "name, password"),
        ("https://hooks.example/#part", "name, password"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_when_it_is_added(url, says):
    with pytest.raises(BadInput, match=says):
        webhook_endpoints.check_url(url, may_be_private=False)
