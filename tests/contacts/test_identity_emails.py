"""Email addresses in normal form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.identity import Invalid, email, email_for_people

ADDRESSES = st.from_regex(
    r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]{1,20}(\.[a-z]{1,9})?@([a-z]{1,9}\.){1,3}[a-z]{2,9}", fullmatch=True
)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("olga@example.com", "olga@example.com"),
        ("Olga.Petrenko+News@Example.COM", "olga.petrenko+news@example.com"),
        ("  olga@example.com\n", "olga@example.com"),
        ("\ufeffolga@example.com\u200b", "olga@example.com"),
        ("\u202aolga@example.com\u202c", "olga@example.com"),
        ("olga@example.com.", "olga@example.com"),
        ("<olga@example.com>", "olga@example.com"),
        ("Olga Petrenko <olga@example.com>", "olga@example.com"),
        ('"Petrenko, Olga" <olga@example.com>', "olga@example.com"),
        ("olga@example.com <Olga@example.com>", "olga@example.com"),
        ("mailto:olga@example.com", "olga@example.com"),
        ("MAILTO:olga%2Bnews@example.com?subject=Hi", "olga+news@example.com"),
        ("o'neil@example.ie", "o'neil@example.ie"),
        ("_@sub-domain.example.museum", "_@sub-domain.example.museum"),
        ("olga@приклад.укр", "olga@xn--80aikifvh.xn--j1amh"),
        ("olga@XN--80aikifvh.XN--j1amh", "olga@xn--80aikifvh.xn--j1amh"),
        ("ОЛЕНА@Приклад.УКР", "олена@xn--80aikifvh.xn--j1amh"),
        ("hans@straße.de", "hans@xn--strae-oqa.de"),
        ("用户@例え。テスト", "用户@xn--r8jz45g.xn--zckzah"),
        ("ｏｌｇａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "olga@example.com"),
        ("jose\u0301@example.es", "jos\u00e9@example.es"),
    ],
)
def test_one_address_has_one_form_however_it_is_written(written: str, normal: str) -> None:
    assert email(written) == normal


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("olga", "email"),
        ("olga@", "email"),
        ("@example.com", "email"),
        ("olga petrenko@example.com", "email"),
        ("olga\u200b@example.com", "email"),
        ("ol\u202ega@example.com", "email"),
        ("olga\x00@example.com", "email"),
        (".olga@example.com", "email"),
        ("ol..ga@example.com", "email"),
        ('"olga"@example.com', "email"),
        ("olga@localhost", "email_domain"),
        ("olga@example", "email_domain"),
        ("olga@.com", "email_domain"),
        ("olga@example..com", "email_domain"),
        ("olga@-example.com", "email_domain"),
        ("olga@exam ple.com", "email_domain"),
        ("olga@exam_ple.com", "email_domain"),
        ("olga@192.168.0.1", "email_domain"),
        ("olga@[192.168.0.1]", "email_domain"),
        ("olga@xn--zz.com", "email_domain"),
        ("olga@" + "a" * 64 + ".com", "email_domain"),
        ("olga@example.com, ivan@example.com", "email_many"),
        ("olga@example.com;ivan@example.com", "email_many"),
        ("olga@example.com <ivan@example.com>", "email_many"),
        ("a" * 65 + "@example.com", "email_long"),
        ("й" * 33 + "@example.com", "email_long"),
        ("olga@" + "a.de" * 100, "email_domain"),
        ("x" * 10_000, "email_long"),
    ],
)
def test_what_is_not_one_address_is_refused(written: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        email(written)
    assert caught.value.code == code


def test_the_longest_address_has_254_octets_and_64_of_them_before_the_at() -> None:
    domain = f"{'d' * 63}.{'d' * 63}.{'d' * 57}.com"
    longest = "a" * 64 + "@" + domain
    assert len(longest) == 254
    assert email(longest) == longest
    with pytest.raises(Invalid, match="longer"):
        email(longest + "m")


@given(ADDRESSES, st.sampled_from(["", " ", "\t", "\u200b", "\xa0"]))
def test_capitals_and_blanks_around_make_no_other_address(address: str, blank: str) -> None:
    assert email(f"{blank}{address.upper()}{blank}") == email(f"Name <{address}>") == email(address) == address.lower()


def test_people_see_the_domain_in_their_own_script() -> None:
    assert email_for_people("olga@xn--80aikifvh.xn--j1amh") == "olga@приклад.укр"
    assert email_for_people("olga@example.com") == "olga@example.com"
    assert email_for_people("olga@xn--zz.com") == "olga@xn--zz.com"
    assert email(email_for_people("olga@xn--80aikifvh.xn--j1amh")) == "olga@xn--80aikifvh.xn--j1amh"
