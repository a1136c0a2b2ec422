from messaging.account_admin import ProviderAccountAdmin
from messaging.template_admin import TemplateAdmin

__all__ = ["ProviderAccountAdmin", "TemplateAdmin"]
