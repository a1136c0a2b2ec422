from messaging.template_admin import TemplateAdmin

__all__ = ["TemplateAdmin"]
