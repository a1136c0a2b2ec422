"""PostgreSQL and Valkey of a data folder, and the site that `manage.py up` runs on them. Needs no Django settings."""

from config.embedded.attach import attach
from config.embedded.errors import StartError
from config.embedded.folder import Folder, var_folder

__all__ = ["Folder", "StartError", "attach", "var_folder"]
