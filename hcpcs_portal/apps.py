from django.contrib.admin import apps as admin
from django.contrib.staticfiles.apps import StaticFilesConfig


class PortalAdminConfig(admin.AdminConfig):
    """The stock admin, behind a second step of signing in."""

    default = False  # of the admin, not of this package
    default_site = "hcpcs_portal.sign_in.PortalSite"


class PortalStaticFilesConfig(StaticFilesConfig):
    """Collects what the pages use, so that a first start need not compress the rest.

    Left out: the parts of the API documentation's viewer that ours does without, and the long
    forms of the admin's libraries, which only DEBUG asks for, straight from their source.
    """

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.js.map",
        "LICENSE*",
        "jquery.js",
        "oauth2-redirect.*",
        "redoc",
        "select2.full.js",
        "swagger-ui-standalone-preset.js",
        "xregexp.js",
    ]
