import socket

import pytest

from config.embedded.address import Address
from config.embedded.errors import StartError


def test_defaults_to_port_8000_of_this_machine_alone() -> None:
    address = Address.of({})
    assert (address.url, address.bind) == ("http://127.0.0.1:8000", "127.0.0.1:8000")
    assert address.site_environ() == {"SITE_URL": "http://127.0.0.1:8000"}


@pytest.mark.parametrize(
    ("host", "url", "bind"),
    [("0.0.0.0", "http://127.0.0.1:81", "0.0.0.0:81"), ("::", "http://[::1]:81", "[::]:81")],
)
def test_served_everywhere_it_accepts_every_host_name(host: str, url: str, bind: str) -> None:
    address = Address.of({"HOST": host, "PORT": "81"})
    assert (address.url, address.bind) == (url, bind)
    assert address.site_environ() == {"SITE_URL": url, "ALLOWED_HOSTS": "*"}


@pytest.mark.parametrize("port", ["web", "0", "65536", "-1", "８０", "80.0"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(StartError, match="PORT must be a number from 1 to 65535"):
        Address.of({"PORT": port})


def test_a_taken_port_is_told_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartError, match=f"Port {port} is taken by another program.*PORT="):
            Address("127.0.0.1", port).require_free()
    Address("127.0.0.1", port).require_free()


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1"])
def test_a_host_that_is_not_this_machine_is_told(host: str) -> None:
    with pytest.raises(StartError, match="HOST must be an address of this machine"):
        Address(host, 8000).require_free()


def test_silence_is_no_answer() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert not Address("127.0.0.1", unused.getsockname()[1]).answers()
