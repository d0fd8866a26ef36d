from django.contrib.staticfiles.apps import StaticFilesConfig


class PortalStaticFilesConfig(StaticFilesConfig):
    """Collects what the pages use: a second documentation viewer and source maps take longer
    to compress than all the rest together."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "redoc", "*.js.map", "LICENSE*"]
