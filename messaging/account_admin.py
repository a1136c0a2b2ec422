"""Accounts at providers in the Django admin. Credentials are written here and never shown."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from activity.admin import actor_of
from messaging.credentials import keeping
from messaging.credentials.known import KNOWN
from messaging.credentials.reading import in_environment
from messaging.credentials.sealing import Unreadable, unseal
from messaging.models import ProviderAccount
from messaging.providers.registry import provider_of

_FORGET = "forget:"
_MOST = 2_000


class NewAccountForm(forms.ModelForm):  # type: ignore[type-arg]
    provider = forms.ChoiceField(label=gettext_lazy("Provider"))

    class Meta:
        model = ProviderAccount
        fields = ("provider",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = set(ProviderAccount.objects.values_list("provider", flat=True))
        choices = [(name, access.label) for name, access in KNOWN.items() if name not in there]
        self.fields["provider"].choices = choices  # type: ignore[attr-defined]


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ProviderAccount
        fields = ()

    def clean(self) -> dict[str, Any]:
        """Refuses what cannot be right, and to keep what the present keys do not open: it would be lost unnoticed."""
        given = super().clean() or {}
        for name in _names(self.instance):
            try:
                keeping.check({name: (given.get(name) or "").strip()})
            except ValueError as error:
                self.add_error(name, str(error))
        try:
            unseal(bytes(self.instance.sealed))
        except Unreadable:
            replaced = {name for name, text in given.items() if text and not name.startswith(_FORGET)}
            if not set(self.instance.endings) <= replaced:
                raise ValidationError(
                    _("What is kept was sealed by a key that is gone: enter every credential again.")
                ) from None
        return given


@admin.register(ProviderAccount)
class ProviderAccountAdmin(admin.ModelAdmin[ProviderAccount]):
    list_display = ("label", "credentials", "is_in_use", "updated_at", "by")
    actions = None

    @admin.display(description=gettext_lazy("provider"))
    def label(self, account: ProviderAccount) -> str:
        access = KNOWN.get(account.provider)
        return access.label if access else account.provider

    @admin.display(description=gettext_lazy("credentials"))
    def credentials(self, account: ProviderAccount) -> str:
        return ", ".join(name for name in _names(account) if name in account.endings) or _("none yet")

    @admin.display(description=gettext_lazy("in use"), boolean=True)
    def is_in_use(self, account: ProviderAccount) -> bool:
        """Whether messages go by it: not by another account, nor by what the environment has."""
        access = KNOWN.get(account.provider)
        if not access or access.names[0] not in account.endings or in_environment(access.names[0]):
            return False
        return provider_of(access.channel).name == account.provider

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProviderAccount]:
        return super().get_queryset(request).defer("sealed")

    def get_form(
        self, request: HttpRequest, obj: ProviderAccount | None = None, change: bool = False, **_kwargs: Any
    ) -> Any:
        return type("FormOfAccount", (AccountForm,), _fields(obj)) if obj else NewAccountForm

    def get_fieldsets(self, request: HttpRequest, obj: ProviderAccount | None = None) -> Any:
        return [(None, {"fields": list(_fields(obj)) if obj else ["provider"]})]

    @method_decorator(sensitive_post_parameters())
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except keeping.Awaited as awaited:
            return _refused(request, awaited)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().delete_view(request, *args, **kwargs)
        except keeping.Awaited as awaited:
            return _refused(request, awaited)

    def save_model(self, request: HttpRequest, obj: ProviderAccount, form: Any, change: bool) -> None:
        given = form.cleaned_data
        values = {name: given[name].strip() for name in _names(obj) if given.get(name)}
        forget = [name for name in _names(obj) if given.get(f"{_FORGET}{name}")]
        keeping.keep(account=obj, values=values, forget=forget, actor=actor_of(request))

    def delete_model(self, request: HttpRequest, obj: ProviderAccount) -> None:
        keeping.remove(account=obj, actor=actor_of(request))

    def response_add(self, request: HttpRequest, obj: ProviderAccount, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """On to its credentials, which differ from provider to provider."""
        messages.info(request, _("Now enter its credentials."))
        return redirect(reverse("admin:messaging_provideraccount_change", args=[obj.pk]))


def _refused(request: HttpRequest, awaited: keeping.Awaited) -> HttpResponse:
    messages.error(request, str(awaited))
    return redirect("admin:messaging_provideraccount_changelist")


def _names(account: ProviderAccount) -> tuple[str, ...]:
    access = KNOWN.get(account.provider)
    return access.names if access else ()


def _fields(account: ProviderAccount) -> dict[str, forms.Field]:
    """For each credential where to write it, and of those that are there, whether to take it away."""
    found: dict[str, forms.Field] = {}
    for name in _names(account):
        found[name] = forms.CharField(
            label=_label(account, name),
            required=False,
            max_length=_MOST,
            widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password", "size": 30}),
            help_text=_help(name, account.endings.get(name)),
        )
        if name in account.endings:
            found[f"{_FORGET}{name}"] = forms.BooleanField(label=_("Remove it"), required=False)
    return found


def _label(account: ProviderAccount, name: str) -> str:
    """Without the provider, which stands above."""
    own = name.removeprefix("ANYMAIL_").removeprefix(f"{account.provider.upper()}_")
    return own.replace("_", " ").capitalize()


def _help(name: str, ending: str | None) -> str:
    words = [f"{name}."]
    if in_environment(name):
        words.append(_("The environment has one, which is the one in use."))
    if ending:
        words.append(_("Kept, ends in %(ending)s. What you write takes its place.") % {"ending": ending})
    elif ending is not None:
        words.append(_("Kept. What you write takes its place."))
    return " ".join(words)
