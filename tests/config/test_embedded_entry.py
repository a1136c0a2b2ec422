import pytest

from config.embedded.entry import prepare


@pytest.mark.parametrize(
    "words", [["check", "--deploy"], ["makemigrations"], ["collectstatic"], ["help"], [], ["import", "--help"]]
)
def test_commands_that_need_no_services_start_none(words: list[str]) -> None:
    environ: dict[str, str] = {}
    prepare(["manage.py", *words], environ)
    assert set(environ) == {"SECRET_KEY"}


def test_a_given_key_is_kept() -> None:
    environ = {"SECRET_KEY": "given"}
    prepare(["manage.py", "check"], environ)
    assert environ == {"SECRET_KEY": "given"}


@pytest.mark.parametrize(
    "value", ["mysql://db/rapport", "localhost:5432", "postgres://h:port/x", "postgres://u:p@[h/x"]
)
def test_a_database_url_that_is_none_is_refused_with_an_example(value: str) -> None:
    with pytest.raises(SystemExit, match="DATABASE_URL must look like postgres://user:password@"):
        prepare(["manage.py", "migrate"], {"DATABASE_URL": value})


def test_a_redis_url_that_is_none_is_refused_with_an_example() -> None:
    with pytest.raises(SystemExit, match="REDIS_URL must look like redis://"):
        prepare(["manage.py", "up"], {"REDIS_URL": "localhost:6379"})
