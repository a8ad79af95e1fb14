"""What the kernel itself offers to the application: health, language switch, private links, the worker."""

from __future__ import annotations

from core.health import blueprint as health
from core.serve import serve_command
from core.views import language, links
from core.worker import worker_command

BLUEPRINTS = (health, language, links)
COMMANDS = (worker_command, serve_command)
